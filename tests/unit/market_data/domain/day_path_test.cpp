#include "services/market_data/domain/day_path.h"

#include <algorithm>
#include <vector>

#include "services/market_data/domain/bar_csv.h"
#include "tests/support/matchers.h"
#include "tests/unit/market_data/market_fixtures.h"

namespace papertape::market {
namespace {

using papertape::testing::IsOk;
using testing::Dollars;

const DayPath::Shape kLively{.day_volatility = 0.02, .chop = 0.001, .jumps = 5, .jump_size = 0.02};

std::vector<Price> WholeDay(const DayPath& path, std::int64_t steps) {
  std::vector<Price> prices;
  for (std::int64_t step = 0; step < steps; ++step) prices.push_back(path.At(step));
  return prices;
}

DayBar BarOf(const std::vector<Price>& prices) {
  const auto [low, high] = std::minmax_element(prices.begin(), prices.end());
  return {.open = prices.front(), .high = *high, .low = *low, .close = prices.back()};
}

TEST_CASE("a path begins at the open, touches high and low, never leaves them, and ends at the close") {
  const DayBar day{Dollars(100), Dollars(103.25), Dollars(98.5), Dollars(101.75)};
  for (std::int64_t seed = 0; seed < 50; ++seed) {
    CAPTURE(seed);
    const DayPath path(day, Dollars(0.05), 5'000, kLively, Noise(1).For(seed));
    CHECK(BarOf(WholeDay(path, 5'000)) == day);
  }
}

TEST_CASE("every price of a path is a multiple of the tick size") {
  const DayBar day{Dollars(100), Dollars(103.25), Dollars(98.5), Dollars(101.75)};
  for (const Price price : WholeDay(DayPath(day, Dollars(0.05), 5'000, kLively, Noise(1)), 5'000)) {
    REQUIRE(price.micros() % 50'000 == 0);
  }
}

TEST_CASE("the shortest day and the day without any range are honoured too") {
  const DayBar flat{Dollars(100), Dollars(100), Dollars(100), Dollars(100)};
  const DayBar day{Dollars(100), Dollars(101), Dollars(99), Dollars(100.5)};
  for (std::int64_t seed = 0; seed < 20; ++seed) {
    const Noise noise = Noise(7).For(seed);
    CHECK(BarOf(WholeDay(DayPath(day, Dollars(0.01), DayPath::kLeastSteps, kLively, noise), DayPath::kLeastSteps)) ==
          day);
    CHECK(BarOf(WholeDay(DayPath(flat, Dollars(0.01), 100, kLively, noise), 100)) == flat);
  }
}

TEST_CASE("a step has the same price whether or not the steps before it were asked for") {
  const DayBar day{Dollars(100), Dollars(103.25), Dollars(98.5), Dollars(101.75)};
  const DayPath path(day, Dollars(0.01), 345'600, kLively, Noise(3));
  const std::vector<Price> whole = WholeDay(path, 345'600);
  const DayPath restarted(day, Dollars(0.01), 345'600, kLively, Noise(3));
  for (std::int64_t step = 345'599; step >= 0; step -= 997) {
    REQUIRE(restarted.At(step) == whole[static_cast<std::size_t>(step)]);
  }
}

TEST_CASE("without jumps, neighbouring steps are near each other") {
  const DayBar day{Dollars(100), Dollars(103.25), Dollars(98.5), Dollars(101.75)};
  const DayPath path(day, Dollars(0.01), 345'600, {.day_volatility = 0.02, .chop = 0.0005}, Noise(3));
  std::int64_t largest = 0;
  Price before = path.At(0);
  for (const Price price : WholeDay(path, 345'600)) {
    largest = std::max(largest, std::abs(price.micros() - before.micros()));
    before = price;
  }
  CHECK(largest < Dollars(0.5).micros());  // half a percent, over ten deviations of a step
}

TEST_CASE("jumps are sudden and the path still ends at its close") {
  const DayBar day{Dollars(100), Dollars(130), Dollars(80), Dollars(100)};
  const DayPath path(day, Dollars(0.01), 100'000, {.day_volatility = 0.0001, .chop = 0, .jumps = 3, .jump_size = 0.05},
                     Noise(11));
  const std::vector<Price> prices = WholeDay(path, 100'000);
  int sudden = 0;
  for (std::size_t i = 1; i < prices.size(); ++i) {
    if (std::abs(prices[i].micros() - prices[i - 1].micros()) > Dollars(2).micros()) ++sudden;
  }
  CHECK(sudden == 3);
  CHECK(prices.back() == Dollars(100));
}

TEST_CASE("recorded days of the S&P 500 are honoured to the cent") {
  PT_SHARED_DATA_OR_SKIP(csv, "daily/^GSPC.csv");
  const auto bars = ParseBarCsv(*csv);
  REQUIRE_THAT(bars.status(), IsOk());
  const auto cents = [](Price price) { return Price::FromMicros((price.micros() + 5'000) / 10'000 * 10'000); };
  for (std::size_t i = 0; i < bars->size(); i += 10) {
    const Bar& bar = (*bars)[i];
    const DayBar day{cents(bar.open), cents(bar.high), cents(bar.low), cents(bar.close)};
    const DayPath path(day, Dollars(0.01), 1'440, kLively, Noise(1).For(static_cast<std::int64_t>(i)));
    REQUIRE(BarOf(WholeDay(path, 1'440)) == day);
  }
}

}  // namespace
}  // namespace papertape::market

#include "services/market_data/domain/simulated_days.h"

#include <algorithm>
#include <cmath>

#include "services/market_data/domain/bar_csv.h"
#include "tests/support/matchers.h"
#include "tests/unit/market_data/market_fixtures.h"

namespace papertape::market {
namespace {

using papertape::testing::IsOk;
using testing::Apple;
using testing::Dollars;
using testing::Nifty;

constexpr std::int64_t kToday = 20'777;  // 2026-11-20

bool IsSound(const DayBar& day, Price tick) {
  for (const Price price : {day.open, day.high, day.low, day.close}) {
    if (price.micros() <= 0 || price.micros() % tick.micros() != 0) return false;
  }
  return day.low <= std::min(day.open, day.close) && day.high >= std::max(day.open, day.close);
}

TEST_CASE("every day is sound, for every seed and any volatility") {
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    for (const double volatility : {0.01, 1.0, 10.0, 100.0}) {
      for (const Simulation& simulation : {Apple(), Nifty()}) {
        const SimulatedDays days(simulation, volatility, {}, Noise(seed));
        for (std::int64_t day = kToday; day < kToday + 100; ++day) {
          CAPTURE(seed, volatility, simulation.symbol, day);
          REQUIRE(IsSound(days.Of(day), simulation.tick_size));
        }
      }
    }
  }
}

TEST_CASE("a day opens where the day before closed") {
  const SimulatedDays days(Apple(), 1, {}, Noise(1));
  for (std::int64_t day = kToday; day < kToday + 500; ++day) {
    REQUIRE(days.Of(day).open == days.CloseOf(day - 1));
    REQUIRE(days.Of(day).close == days.CloseOf(day));
  }
}

TEST_CASE("prices stay near their base for years and days move as much as they should") {
  const std::uint64_t seed = GENERATE(1U, 2U, 3U);
  const SimulatedDays days(Nifty(), 1, {}, Noise(seed));
  double squares = 0;
  constexpr int kDays = 2'000;
  for (std::int64_t day = kToday; day < kToday + kDays; ++day) {
    const DayBar bar = days.Of(day);
    CHECK(std::abs(std::log(static_cast<double>(bar.close.micros()) / 25e9)) < 6 * 0.008);
    const double move = std::log(static_cast<double>(bar.close.micros()) / static_cast<double>(bar.open.micros()));
    squares += move * move;
  }
  CHECK(std::sqrt(squares / kDays) == Approx(0.008).epsilon(0.1));
}

TEST_CASE("another seed is another history") {
  CHECK_FALSE(SimulatedDays(Apple(), 1, {}, Noise(1)).Of(kToday) == SimulatedDays(Apple(), 1, {}, Noise(2)).Of(kToday));
}

TEST_CASE("recorded days give a symbol their moves and the reach of their highs and lows") {
  PT_SHARED_DATA_OR_SKIP(csv, "daily/^GSPC.csv");
  const auto bars = ParseBarCsv(*csv);
  REQUIRE_THAT(bars.status(), IsOk());
  const Simulation index{
      .symbol = "^GSPC", .is_index = true, .base_price = bars->back().close, .tick_size = Dollars(0.01)};
  const SimulatedDays days(index, 1, *bars, Noise(1));
  const auto moves = static_cast<std::int64_t>(bars->size() - 1);
  for (std::int64_t day = kToday; day < kToday + 300; ++day) {
    const Bar& recorded = (*bars)[static_cast<std::size_t>(day % moves + 1)];
    const DayBar simulated = days.Of(day);
    CAPTURE(day);
    REQUIRE(IsSound(simulated, index.tick_size));
    const auto reach = [](Price high, Price open, Price close) {
      return static_cast<double>(high.micros()) / static_cast<double>(std::max(open, close).micros());
    };
    CHECK(reach(simulated.high, simulated.open, simulated.close) ==
          Approx(reach(recorded.high, recorded.open, recorded.close)).epsilon(1e-4));
  }
}

}  // namespace
}  // namespace papertape::market

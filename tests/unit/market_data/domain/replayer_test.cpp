#include "services/market_data/domain/replayer.h"

#include <algorithm>
#include <chrono>

#include "services/market_data/domain/bar_csv.h"
#include "tests/support/matchers.h"
#include "tests/unit/market_data/market_fixtures.h"

namespace papertape::market {
namespace {

using papertape::testing::IsOk;
using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::ABar;
using testing::At;
using testing::Day;
using testing::Dollars;

const Timestamp kNow = At("2026-11-20T09:30:00Z");

std::vector<Bar> TwoMinutes() {
  return {ABar(At("2019-01-01T03:45:00Z"), 100, 105, 99, 104), ABar(At("2019-01-01T03:46:00Z"), 104, 104.5, 90, 91)};
}

std::vector<double> PricesOf(const std::vector<Quote>& quotes) {
  std::vector<double> prices;
  for (const Quote& quote : quotes) prices.push_back(static_cast<double>(quote.price.micros()) / 1e6);
  return prices;
}

TEST_CASE("a bar plays its open, its nearer extreme, its other extreme, its close, a quarter of its time each") {
  Replayer replayer({.symbol = "^NSEI", .speed = 60}, TwoMinutes());  // a minute in a second
  CHECK(PricesOf(replayer.Poll(kNow)) == std::vector<double>{100});
  CHECK(PricesOf(replayer.Poll(kNow + milliseconds(250))) == std::vector<double>{99});
  CHECK(PricesOf(replayer.Poll(kNow + milliseconds(500))) == std::vector<double>{105});
  CHECK(PricesOf(replayer.Poll(kNow + milliseconds(750))) == std::vector<double>{104});
  CHECK(PricesOf(replayer.Poll(kNow + milliseconds(1'000))) == std::vector<double>{104});
  CHECK(PricesOf(replayer.Poll(kNow + milliseconds(1'250))) == std::vector<double>{104.5});
  CHECK_FALSE(replayer.Ended());
}

TEST_CASE("a late poll still plays every price in order, each at its own time") {
  Replayer replayer({.symbol = "^NSEI", .speed = 60}, TwoMinutes());
  CHECK(replayer.Poll(kNow).size() == 1);
  const std::vector<Quote> quotes = replayer.Poll(kNow + seconds(5));
  CHECK(PricesOf(quotes) == std::vector<double>{99, 105, 104, 104, 104.5, 90, 91});
  CHECK(quotes.front().time == kNow + milliseconds(250));
  CHECK(std::is_sorted(quotes.begin(), quotes.end(), [](const Quote& a, const Quote& b) { return a.time < b.time; }));
  CHECK(replayer.Ended());
}

TEST_CASE("while a price rests it is repeated, and after the end the last close is") {
  Replayer replayer({.symbol = "^NSEI", .speed = 1}, TwoMinutes());  // a price lasts 15 s
  replayer.Poll(kNow);
  CHECK(replayer.Poll(kNow + milliseconds(249)).empty());
  CHECK(PricesOf(replayer.Poll(kNow + milliseconds(250))) == std::vector<double>{100});
  replayer.Poll(kNow + seconds(1'000));
  const std::vector<Quote> after = replayer.Poll(kNow + seconds(2'000));
  CHECK(PricesOf(after) == std::vector<double>{91});
  CHECK(after.front().time == kNow + seconds(2'000));
}

TEST_CASE("replayed quotes say so, claim no bid or ask, and measure the change from the former day") {
  Replayer replayer({.symbol = "AAPL", .speed = 1'000},
                    {ABar(Day("2020-01-02"), 10, 12, 9, 11), ABar(Day("2020-01-06"), 11, 13, 11, 12)});
  const std::vector<Quote> first = replayer.Poll(kNow);
  CHECK(first.front().source == "replay");
  CHECK_FALSE(first.front().bid);
  CHECK(first.front().previous_close.is_zero());
  const std::vector<Quote> rest = replayer.Poll(kNow + std::chrono::hours(1));
  CHECK(rest.back().previous_close == Dollars(11));
  CHECK(rest.back().Change() == Dollars(1));
}

TEST_CASE("nights and weekends are left out") {
  Replayer replayer({.symbol = "^NSEI", .speed = 60},
                    {ABar(At("2019-01-01T03:45:00Z"), 1, 1, 1, 1), ABar(At("2019-01-01T03:46:00Z"), 2, 2, 2, 2),
                     ABar(At("2019-01-04T03:45:00Z"), 3, 3, 3, 3)});
  replayer.Poll(kNow);
  CHECK(replayer.Poll(kNow + seconds(2)).back().price == Dollars(3));
}

TEST_CASE("the next poll is when the next price or heartbeat is due, and never at once") {
  Replayer replayer({.symbol = "^NSEI", .speed = 1'000}, TwoMinutes());  // a price lasts 15 ms
  replayer.Poll(kNow);
  CHECK(replayer.NextAt(kNow) == kNow + milliseconds(50));
  Replayer slow({.symbol = "^NSEI", .speed = 1}, TwoMinutes());
  slow.Poll(kNow);
  CHECK(slow.NextAt(kNow) == kNow + milliseconds(250));
}

TEST_CASE("a recorded session of NIFTY 50 plays all its extremes") {
  PT_SHARED_DATA_OR_SKIP(csv, "minute/^NSEI.csv");
  const auto bars = ParseBarCsv(*csv);
  REQUIRE_THAT(bars.status(), IsOk());
  Replayer replayer({.symbol = "^NSEI", .speed = 1'000}, *bars);
  std::vector<Quote> quotes = replayer.Poll(kNow);
  for (Timestamp now = kNow; !replayer.Ended(); now = replayer.NextAt(now)) {
    const std::vector<Quote> more = replayer.Poll(now);
    quotes.insert(quotes.end(), more.begin(), more.end());
  }
  const auto [low, high] = std::minmax_element(quotes.begin(), quotes.end(),
                                               [](const Quote& a, const Quote& b) { return a.price < b.price; });
  Price recorded_high = bars->front().high;
  Price recorded_low = bars->front().low;
  for (const Bar& bar : *bars) {
    recorded_high = std::max(recorded_high, bar.high);
    recorded_low = std::min(recorded_low, bar.low);
  }
  CHECK(quotes.size() >= 4 * bars->size());
  CHECK(high->price == recorded_high);
  CHECK(low->price == recorded_low);
  CHECK(quotes.back().price == bars->back().close);
}

}  // namespace
}  // namespace papertape::market

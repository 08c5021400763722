#include "services/market_data/domain/bar_quality.h"

#include "tests/support/catch.h"
#include "tests/unit/market_data/market_fixtures.h"

namespace papertape::market {
namespace {

using testing::ABar;
using testing::At;
using testing::Day;
using testing::Dollars;

const QualityRules kRules{.now = At("2024-06-01T00:00:00Z"), .largest_jump_pct = 40};

// Monday 2024-05-06 and the days after it.
Bar OnDay(int index, double close) {
  return ABar(Day("2024-05-06") + std::chrono::days(index), close, close + 1, close - 1, close, 100);
}

SaidBars Said(std::vector<Bar> bars) {
  return {.symbol = "AAPL", .exchange = "XNAS", .source = "tiingo", .bars = std::move(bars)};
}

std::vector<Suspicion> SuspicionsOf(const SaidBars& said) {
  std::vector<Suspicion> suspicions;
  for (const Suspect& suspect : CheckBars(said, kRules).suspects) suspicions.push_back(suspect.suspicion);
  return suspicions;
}

TEST_CASE("bars that can be true pass as they are") {
  const std::vector<Bar> bars{OnDay(0, 100), OnDay(1, 101), OnDay(2, 90)};
  const CheckedBars checked = CheckBars(Said(bars), kRules);
  CHECK(checked.good == bars);
  CHECK(checked.suspects.empty());
}

TEST_CASE("what cannot be true is kept aside with what was said, by whom, and why") {
  Bar crossed = OnDay(1, 100);
  std::swap(crossed.low, crossed.high);
  const CheckedBars checked = CheckBars(Said({OnDay(0, 100), crossed, OnDay(2, 100)}), kRules);
  CHECK(checked.good == std::vector<Bar>{OnDay(0, 100), OnDay(2, 100)});
  REQUIRE(checked.suspects.size() == 1);
  const Suspect& suspect = checked.suspects.front();
  CHECK(suspect.symbol == "AAPL");
  CHECK(suspect.span == "1d");
  CHECK(suspect.source == "tiingo");
  CHECK(suspect.time == crossed.time);
  CHECK(suspect.suspicion == Suspicion::kIncoherent);
  CHECK(suspect.detail == "low 101 is above high 99");
  CHECK(suspect.content ==
        R"({"time":"2024-05-07T00:00:00Z","open":100,"high":99,"low":101,"close":100,"volume":100})");
}

TEST_CASE("a close or an open outside low and high is incoherent, and so is a negative volume") {
  Bar high_close = OnDay(0, 100);
  high_close.close = Dollars(102);
  Bar low_open = OnDay(1, 100);
  low_open.open = Dollars(98);
  Bar sold = OnDay(2, 100);
  sold.volume = -1;
  CHECK(SuspicionsOf(Said({high_close, low_open, sold})) == std::vector<Suspicion>(3, Suspicion::kIncoherent));
}

TEST_CASE("a price of nothing is not a price") {
  CHECK(SuspicionsOf(Said({ABar(Day("2024-05-06"), 0, 1, 0, 1), ABar(Day("2024-05-07"), 1, 1, -1, 1)})) ==
        std::vector<Suspicion>(2, Suspicion::kNonPositive));
}

TEST_CASE("no bar begins after now") {
  CHECK(SuspicionsOf(Said({ABar(Day("2024-06-03"), 1, 1, 1, 1)})) == std::vector{Suspicion::kFromTheFuture});
}

TEST_CASE("a time that comes twice, or after a later one, is out of order") {
  const CheckedBars checked = CheckBars(Said({OnDay(0, 100), OnDay(2, 100), OnDay(2, 101), OnDay(1, 100)}), kRules);
  CHECK(checked.good == std::vector<Bar>{OnDay(0, 100), OnDay(2, 100)});
  REQUIRE(checked.suspects.size() == 2);
  CHECK(checked.suspects[0].detail == "has the time of the bar before it");
  CHECK(checked.suspects[1].detail == "is older than the bar before it");
}

TEST_CASE("the bar recorded before counts as the one before the first") {
  SaidBars said = Said({OnDay(1, 200)});
  said.before = OnDay(0, 100);
  CHECK(SuspicionsOf(said) == std::vector{Suspicion::kJump});
  said.before = OnDay(1, 200);
  CHECK(SuspicionsOf(said) == std::vector{Suspicion::kOutOfOrder});
}

TEST_CASE("a jump is measured against the last good close: one wrong bar does not spoil the next") {
  const CheckedBars checked = CheckBars(Said({OnDay(0, 100), OnDay(1, 1'000), OnDay(2, 102)}), kRules);
  CHECK(checked.good == std::vector<Bar>{OnDay(0, 100), OnDay(2, 102)});
  REQUIRE(checked.suspects.size() == 1);
  CHECK(checked.suspects[0].detail == "close 1000 is +900.0 % from 100 on 2024-05-06T00:00:00Z");
}

TEST_CASE("a jump that the next bar confirms has lasted, and is good after all") {
  const std::vector<Bar> bars{OnDay(0, 100), OnDay(1, 200), OnDay(2, 205), OnDay(3, 210)};
  const CheckedBars checked = CheckBars(Said(bars), kRules);
  CHECK(checked.good == bars);
  CHECK(checked.suspects.empty());
  REQUIRE(checked.acquitted.size() == 1);
  CHECK(checked.acquitted[0].detail == "close 200 is +100.0 % from 100 on 2024-05-06T00:00:00Z");
}

TEST_CASE("what comes between a jump and its confirmation stays in doubt by itself") {
  Bar crossed = OnDay(2, 203);
  std::swap(crossed.low, crossed.high);
  const CheckedBars checked = CheckBars(Said({OnDay(0, 100), OnDay(1, 200), crossed, OnDay(3, 205)}), kRules);
  CHECK(checked.good == std::vector<Bar>{OnDay(0, 100), OnDay(1, 200), OnDay(3, 205)});
  REQUIRE(checked.suspects.size() == 1);
  CHECK(checked.suspects[0].suspicion == Suspicion::kIncoherent);
}

TEST_CASE("a bar that is nearer to where the jump came from does not confirm it") {
  const CheckedBars checked = CheckBars(Said({OnDay(0, 100), OnDay(1, 150), OnDay(2, 115)}), kRules);
  CHECK(checked.good == std::vector<Bar>{OnDay(0, 100), OnDay(2, 115)});
  CHECK(checked.acquitted.empty());
}

TEST_CASE("the same bar said twice does not confirm itself") {
  CHECK(SuspicionsOf(Said({OnDay(0, 100), OnDay(1, 200), OnDay(1, 200)})) ==
        std::vector{Suspicion::kJump, Suspicion::kJump});
}

TEST_CASE("the bar recorded behind the last confirms its jump, or does not") {
  SaidBars said = Said({OnDay(0, 100), OnDay(1, 200)});
  said.after = OnDay(2, 205);
  CHECK(CheckBars(said, kRules).good == said.bars);
  said.after = OnDay(2, 101);
  CHECK(SuspicionsOf(said) == std::vector{Suspicion::kJump});
}

TEST_CASE("explanations are fetched one after the other, and only while there is a jump to explain") {
  int fetched = 0;
  const auto none = [&](SaidBars&) { ++fetched; };
  const auto split = [&](SaidBars& said) {
    ++fetched;
    said.splits = {{"AAPL", Day("2024-05-07"), Split{Quantity::FromUnits(1), Quantity::FromUnits(2)}}};
  };
  CHECK(CheckBars(Said({OnDay(0, 100), OnDay(1, 101)}), kRules, {none, split}).suspects.empty());
  CHECK(fetched == 0);
  const CheckedBars checked =
      CheckBars(Said({OnDay(0, 100), OnDay(1, 200), OnDay(2, 201)}), kRules, {none, split, none});
  CHECK(fetched == 2);
  CHECK(checked.good.size() == 3);
  CHECK(checked.acquitted.empty());
}

TEST_CASE("the setting is the largest move that passes, up and down") {
  CHECK(SuspicionsOf(Said({OnDay(0, 100), OnDay(1, 140)})).empty());
  CHECK(SuspicionsOf(Said({OnDay(0, 100), OnDay(1, 60)})).empty());
  CHECK(SuspicionsOf(Said({OnDay(0, 100), OnDay(1, 140.5)})) == std::vector{Suspicion::kJump});
  CHECK(SuspicionsOf(Said({OnDay(0, 100), OnDay(1, 59.5)})) == std::vector{Suspicion::kJump});
}

TEST_CASE("a split explains a jump, on its own day and in its own size") {
  const auto split = [](const char* day, int numerator, int denominator) {
    return CorporateAction{"AAPL", Day(day), Split{Quantity::FromUnits(numerator), Quantity::FromUnits(denominator)}};
  };
  SaidBars said = Said({OnDay(0, 400), OnDay(1, 100)});
  CHECK(SuspicionsOf(said) == std::vector{Suspicion::kJump});
  said.splits = {split("2024-05-07", 4, 1)};
  CHECK(SuspicionsOf(said).empty());
  said.splits = {split("2024-05-06", 4, 1)};  // before the first bar: that one is on its terms already
  CHECK(SuspicionsOf(said) == std::vector{Suspicion::kJump});
  said.splits = {split("2024-05-07", 1, 4)};
  CHECK(SuspicionsOf(said) == std::vector{Suspicion::kJump});
  said.splits = {{"AAPL", Day("2024-05-07"), Dividend{Dollars(300)}}};
  CHECK(SuspicionsOf(said) == std::vector{Suspicion::kJump});
}

TEST_CASE("a day on which the exchange did not trade has no bar") {
  const CheckedBars checked = CheckBars(Said({OnDay(5, 100), OnDay(21, 100)}), kRules);  // a Saturday, Memorial Day
  REQUIRE(checked.suspects.size() == 2);
  CHECK(checked.suspects[1].suspicion == Suspicion::kNoSession);
  CHECK(checked.suspects[1].detail == "XNAS did not trade on 2024-05-27");
}

TEST_CASE("of an exchange without a calendar every day may have a bar, but it begins at midnight") {
  SaidBars said = Said({OnDay(5, 100)});
  said.exchange = "XLON";
  CHECK(SuspicionsOf(said).empty());
  said.bars = {ABar(At("2024-05-06T20:00:00Z"), 1, 1, 1, 1)};
  CHECK(SuspicionsOf(said) == std::vector{Suspicion::kMalformed});
  said.interval = Interval::kMinute;
  CHECK(SuspicionsOf(said).empty());
}

}  // namespace
}  // namespace papertape::market

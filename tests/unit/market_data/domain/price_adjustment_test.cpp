#include "services/market_data/domain/price_adjustment.h"

#include "tests/support/matchers.h"
#include "tests/unit/market_data/market_fixtures.h"

namespace papertape::market {
namespace {

using testing::ABar;
using testing::Day;
using testing::Dollars;

KnownAction SplitOn(const char* day, std::int64_t numerator, std::int64_t denominator) {
  return {.action = {.symbol = "AAPL",
                     .ex_date = Day(day),
                     .what = Split{Quantity::FromUnits(numerator), Quantity::FromUnits(denominator)}}};
}

KnownAction DividendOn(const char* day, double amount, double close_before) {
  return {.action = {.symbol = "AAPL", .ex_date = Day(day), .what = Dividend{Dollars(amount)}},
          .close_before = Dollars(close_before)};
}

Bar Adjusted(const std::vector<KnownAction>& actions, const char* as_of, const Bar& bar, Adjusting adjusting) {
  return Adjuster(actions, Day(as_of)).Adjust(bar, adjusting).value();
}

const Bar kBefore = ABar(Day("2020-08-28"), 504.05, 505.77, 498.31, 499.23, 1'000);

TEST_CASE("a split divides the prices before its ex-date and multiplies the shares, and leaves the day itself alone") {
  const std::vector<KnownAction> actions{SplitOn("2020-08-31", 4, 1)};
  const Bar bar = Adjusted(actions, "2020-12-31", kBefore, Adjusting::kSplits);
  CHECK(bar.open == Price::FromMicros(126'012'500));
  CHECK(bar.close == Price::FromMicros(124'807'500));
  CHECK(bar.volume == 4'000);
  CHECK(bar.adjusted_close == bar.close);

  const Bar same = ABar(Day("2020-08-31"), 127, 131, 126, 129.04, 5);
  CHECK(Adjusted(actions, "2020-12-31", same, Adjusting::kAll) == same);
}

TEST_CASE("what was not known yet is not used") {
  const std::vector<KnownAction> actions{SplitOn("2020-08-31", 4, 1)};
  CHECK(Adjusted(actions, "2020-08-30", kBefore, Adjusting::kAll) == kBefore);
  CHECK(Adjusted(actions, "2020-08-31", kBefore, Adjusting::kAll).close == Price::FromMicros(124'807'500));
}

TEST_CASE("a dividend takes its share of the close before it, of prices but not of shares") {
  const std::vector<KnownAction> actions{DividendOn("2020-08-07", 0.82, 455.61)};
  const Bar bar = ABar(Day("2020-08-06"), 441.62, 457.65, 439.19, 455.61, 100);
  const Bar all = Adjusted(actions, "2020-12-31", bar, Adjusting::kAll);
  CHECK(all.close == Price::FromMicros(454'790'000));
  CHECK(all.volume == 100);
  CHECK(Adjusted(actions, "2020-12-31", bar, Adjusting::kSplits).close == bar.close);
}

TEST_CASE("the adjusted close is there whatever the prices are adjusted for") {
  const std::vector<KnownAction> actions{DividendOn("2020-08-07", 1, 100), SplitOn("2020-08-31", 4, 1)};
  const Bar bar = ABar(Day("2020-08-06"), 100, 100, 100, 100);
  for (const Adjusting adjusting : {Adjusting::kNone, Adjusting::kSplits, Adjusting::kAll}) {
    CHECK(Adjusted(actions, "2020-12-31", bar, adjusting).adjusted_close == Dollars(24.75));
  }
  CHECK(Adjusted(actions, "2020-12-31", bar, Adjusting::kNone).close == Dollars(100));
  CHECK(Adjusted(actions, "2020-12-31", bar, Adjusting::kSplits).close == Dollars(25));
}

TEST_CASE("a split and a dividend of one day both hold for the days before it") {
  const std::vector<KnownAction> actions{SplitOn("2020-08-31", 2, 1), DividendOn("2020-08-31", 1, 100)};
  const Bar bar = ABar(Day("2020-08-30"), 100, 100, 100, 100);
  CHECK(Adjusted(actions, "2020-08-31", bar, Adjusting::kAll).close == Dollars(49.5));
}

TEST_CASE("forty years of dividends are rounded once") {
  std::vector<KnownAction> actions;
  for (int i = 0; i < 160; ++i) {
    KnownAction known = DividendOn("1980-01-01", 1, 100);
    known.action.ex_date += std::chrono::days(91 * (i + 1));
    actions.push_back(known);
  }
  const Bar bar = ABar(Day("1980-01-01"), 100, 100, 100, 100);
  // 100 * 0.99^160, computed with forty digits.
  CHECK(Adjusted(actions, "2024-01-01", bar, Adjusting::kAll).close == Price::FromMicros(20'027'703));
}

TEST_CASE("a dividend without a close before it, or of more than that, changes nothing") {
  KnownAction unknown = DividendOn("2020-08-07", 1, 100);
  unknown.close_before.reset();
  const Bar bar = ABar(Day("2020-08-06"), 100, 100, 100, 100);
  CHECK(Adjusted({unknown}, "2020-12-31", bar, Adjusting::kAll) == bar);
  CHECK(Adjusted({DividendOn("2020-08-07", 100, 100)}, "2020-12-31", bar, Adjusting::kAll) == bar);
}

TEST_CASE("where no action is known the recorded adjusted close holds, for the other prices too") {
  Bar bar = ABar(Day("2020-08-06"), 10, 12, 8, 10);
  bar.adjusted_close = Dollars(5);
  CHECK(Adjusted({}, "2020-12-31", bar, Adjusting::kNone) == bar);
  const Bar all = Adjusted({}, "2020-12-31", bar, Adjusting::kAll);
  CHECK(all.high == Dollars(6));
  CHECK(all.close == Dollars(5));
}

TEST_CASE("of one day dividends become their sum and splits their product, the split first") {
  const auto action = [](std::variant<Split, Dividend> what) {
    return CorporateAction{.symbol = "X", .ex_date = Day("2024-01-02"), .what = what};
  };
  const Split two{Quantity::FromUnits(2), Quantity::FromUnits(1)};
  const Split three{Quantity::FromUnits(3), Quantity::FromUnits(2)};
  const std::vector<CorporateAction> merged =
      OneOfAKindADay({action(Dividend{Dollars(1)}), action(two), action(Dividend{Dollars(0.5)}), action(three)});
  REQUIRE(merged.size() == 2);
  CHECK(merged[0] == action(Split{Quantity::FromUnits(6), Quantity::FromUnits(2)}));
  CHECK(merged[1] == action(Dividend{Dollars(1.5)}));
}

}  // namespace
}  // namespace papertape::market

#include "services/portfolio/domain/valuation.h"

#include <limits>

#include "tests/support/matchers.h"

namespace papertape::portfolio {
namespace {

using testing::HasReason;
using testing::IsOk;

OpenTrade ATrade() {
  return {.trade_id = "01T",
          .user_id = 7,
          .symbol = "AAPL",
          .quantity = Quantity::FromUnits(10),
          .entry_price = Price::FromUnits(150)};
}

Position At(const OpenTrade& trade, std::int64_t price_micros) {
  const auto position = Value(trade, LivePrice{.price = Price::FromMicros(price_micros)});
  REQUIRE_THAT(position.status(), IsOk());
  return *position;
}

TEST_CASE("a long position earns when the price rises") {
  const Position position = At(ATrade(), 153'000'000);
  CHECK(position.quantity == Quantity::FromUnits(10));
  REQUIRE(position.valuation.has_value());
  CHECK(position.valuation->total_value == Money::FromUnits(1'530));
  CHECK(position.valuation->unrealized_pnl == Money::FromUnits(30));
  CHECK(position.valuation->unrealized_pnl_percentage == Approx(2.0));
}

TEST_CASE("a short position has a negative quantity and earns when the price falls") {
  OpenTrade trade = ATrade();
  trade.is_long = false;
  const Position position = At(trade, 153'000'000);
  CHECK(position.quantity == Quantity::FromUnits(-10));
  CHECK(position.valuation->total_value == Money::FromUnits(-1'530));
  CHECK(position.valuation->unrealized_pnl == Money::FromUnits(-30));
  CHECK(position.valuation->unrealized_pnl_percentage == Approx(-2.0));
  CHECK(At(trade, 147'000'000).valuation->unrealized_pnl_percentage == Approx(2.0));
}

TEST_CASE("a position without a price has no value") {
  const auto position = Value(ATrade(), std::nullopt);
  REQUIRE_THAT(position.status(), IsOk());
  CHECK_FALSE(position->valuation.has_value());
}

TEST_CASE("a value beyond the ledger's range is an error, not a wrong number") {
  OpenTrade trade = ATrade();
  trade.quantity = Quantity::FromUnits(1'000'000'000);
  const auto position = Value(trade, LivePrice{.price = Price::FromMicros(std::numeric_limits<std::int64_t>::max())});
  CHECK_THAT(position.status(), HasReason(Reason::kAMOUNT_OUT_OF_RANGE));
}

TEST_CASE("totals are exact, and the return is of the deposit") {
  OpenTrade odd = ATrade();
  odd.quantity = Quantity::FromMicros(333'333);
  odd.entry_price = Price::FromMicros(100'000'001);
  OpenTrade short_trade = ATrade();
  short_trade.is_long = false;
  short_trade.symbol = "TSLA";
  const std::vector<Position> positions = {At(odd, 100'000'004), At(short_trade, 149'000'000)};
  const auto stats = SumUp(positions, Account{.available_margin = Money::FromUnits(99'000),
                                              .utilized_margin = Money::FromUnits(1'500),
                                              .total_pnl = Money::FromUnits(500)});
  REQUIRE_THAT(stats.status(), IsOk());
  // 0.333333 * 0.000003 = 0.000001 (to the nearest millionth), and 10 * 1.
  CHECK(stats->total_unrealized_pnl == Money::FromMicros(10'000'001));
  CHECK(stats->total_value == Money::FromMicros(100'510'000'001));
  CHECK(stats->total_realized_pnl == Money::FromUnits(500));
  CHECK(stats->cash == Money::FromUnits(99'000));
  CHECK(stats->positions_count == 2);
  CHECK(stats->total_return_percentage == Approx(0.51));
  CHECK(stats->unpriced_symbols.empty());
}

TEST_CASE("positions without a price are counted, named once and left out of the sums") {
  OpenTrade unknown = ATrade();
  unknown.symbol = "ZZZ";
  const Position unpriced = *Value(unknown, std::nullopt);
  const auto stats =
      SumUp({unpriced, At(ATrade(), 151'000'000), unpriced}, Account{.available_margin = Money::FromUnits(100'000)});
  REQUIRE_THAT(stats.status(), IsOk());
  CHECK(stats->positions_count == 3);
  CHECK(stats->unpriced_symbols == std::vector<std::string>{"ZZZ"});
  CHECK(stats->total_unrealized_pnl == Money::FromUnits(10));
}

const Timestamp kMidnight = *ParseDate("2026-11-20");
const Timestamp kYesterday = kMidnight - std::chrono::hours(8);
const Timestamp kNoon = kMidnight + std::chrono::hours(12);

// What ten shares, bought or sold at 150 and worth 153 now, have gained since midnight.
Money DayGain(bool is_long, Timestamp opened_at, std::optional<Timestamp> made_at, std::optional<Price> previous) {
  OpenTrade trade = ATrade();
  trade.is_long = is_long;
  trade.opened_at = opened_at;
  const auto position =
      Value(trade, LivePrice{.price = Price::FromUnits(153), .time = made_at, .previous_close = previous});
  REQUIRE_THAT(position.status(), IsOk());
  const auto gained = GainedSince(kMidnight, *position);
  REQUIRE_THAT(gained.status(), IsOk());
  return *gained;
}

TEST_CASE("a day's gain counts from the previous close, or from an entry since") {
  const Price close = Price::FromUnits(151);
  CHECK(DayGain(true, kYesterday, kNoon, close) == Money::FromUnits(20));
  CHECK(DayGain(false, kYesterday, kNoon, close) == Money::FromUnits(-20));
  CHECK(DayGain(true, kMidnight, kNoon, close) == Money::FromUnits(30));
  CHECK(DayGain(true, kYesterday, kNoon, std::nullopt) == Money::FromUnits(30));
  CHECK(DayGain(true, kYesterday, std::nullopt, std::nullopt) == Money::FromUnits(30));
}

TEST_CASE("a price made before today has gained nothing today") {
  CHECK(DayGain(true, kYesterday, kYesterday, Price::FromUnits(151)) == Money());
  CHECK(DayGain(true, kMidnight, kYesterday, Price::FromUnits(151)) == Money::FromUnits(30));
}

TEST_CASE("a closed trade's gain of the day is what it realised beyond the previous close") {
  ClosedTrade trade{.symbol = "AAPL",
                    .is_long = false,
                    .quantity = Quantity::FromUnits(10),
                    .entry_price = Price::FromUnits(150),
                    .pnl = Money::FromUnits(40),  // closed at 146
                    .opened_at = kYesterday};
  const LivePrice live{.price = Price::FromUnits(160), .time = kNoon, .previous_close = Price::FromUnits(149)};
  CHECK(*GainedSince(kMidnight, trade, live) == Money::FromUnits(30));
  CHECK(*GainedSince(kMidnight, trade, std::nullopt) == Money::FromUnits(40));
  trade.opened_at = kMidnight;
  CHECK(*GainedSince(kMidnight, trade, live) == Money::FromUnits(40));
}

TEST_CASE("without an account every figure is zero") {
  const auto stats = SumUp({}, std::nullopt);
  REQUIRE_THAT(stats.status(), IsOk());
  CHECK(stats->total_value == Money());
  CHECK(stats->cash == Money());
  CHECK(stats->total_return_percentage == 0);
  CHECK(stats->positions_count == 0);
}

}  // namespace
}  // namespace papertape::portfolio

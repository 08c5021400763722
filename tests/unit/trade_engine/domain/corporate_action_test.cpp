#include "services/trade_engine/domain/corporate_action.h"

#include <random>

#include "services/trade_engine/domain/execution.h"
#include "tests/support/matchers.h"

namespace papertape::trade_engine {
namespace {

using papertape::testing::HasReason;
using papertape::testing::IsOk;

Split Of(std::int64_t numerator, std::int64_t denominator) {
  return {Quantity::FromUnits(numerator), Quantity::FromUnits(denominator)};
}

CorporateAction On(const char* day, const char* exchange) {
  return {.symbol = "AAPL", .exchange = exchange, .ex_date = *ParseDate(day), .terms = Of(4, 1)};
}

__extension__ using Wide = __int128;

// What a position has won at a price `micros` of before a split of `n` for `d`, and at the same price after it,
// exactly: both in millionths of millionths of a unit, times `n`.
Wide WonBefore(const Position& p, std::int64_t micros, std::int64_t n) {
  const Wide won = Wide(p.quantity.micros()) * (micros - p.entry_price.micros()) * n;
  return p.is_long ? won : -won;
}
Wide WonAfter(const Position& p, std::int64_t micros, std::int64_t n, std::int64_t d) {
  const Wide won = Wide(p.quantity.micros()) * (Wide(micros) * d - Wide(p.entry_price.micros()) * n);
  return p.is_long ? won : -won;
}

TEST_CASE("an ex-date begins on the clock of its exchange, in summer and in winter") {
  CHECK(FormatRfc3339(BeginsAt(On("2026-07-01", "XNAS"))) == "2026-07-01T04:00:00Z");
  CHECK(FormatRfc3339(BeginsAt(On("2026-12-01", "XNYS"))) == "2026-12-01T05:00:00Z");
  CHECK(FormatRfc3339(BeginsAt(On("2026-07-01", "XNSE"))) == "2026-06-30T18:30:00Z");
  CHECK(FormatRfc3339(BeginsAt(On("2026-07-01", "?"))) == "2026-07-01T00:00:00Z");
  CHECK(IdOf(On("2026-07-01", "XNAS")) == "AAPL/2026-07-01/split");
}

TEST_CASE("four shares for one: four times the shares at a quarter of every price, and nothing moves") {
  const Position before{.quantity = Quantity::FromUnits(10),
                        .entry_price = Price::FromUnits(500),
                        .stop_loss = Price::FromUnits(480),
                        .target_price = Price::FromMicros(555'500'000)};
  const auto split = Apply(Of(4, 1), before);
  REQUIRE_THAT(split.status(), IsOk());
  CHECK(split->position == Position{.quantity = Quantity::FromUnits(40),
                                    .entry_price = Price::FromUnits(125),
                                    .stop_loss = Price::FromUnits(120),
                                    .target_price = Price::FromMicros(138'875'000)});
  CHECK(split->rounding == Money());
}

TEST_CASE("a reverse split keeps millionths of a share") {
  const auto split = Apply(Of(1, 10), {.quantity = Quantity::FromUnits(25), .entry_price = Price::FromUnits(3)});
  REQUIRE_THAT(split.status(), IsOk());
  CHECK(split->position.quantity == Quantity::FromMicros(2'500'000));
  CHECK(split->position.entry_price == Price::FromUnits(30));
}

TEST_CASE("what rounding the entry price moves is settled: the whole trade wins what it would have won") {
  // 100 / 3 is 33.333333 and a third of a millionth: 0.000001 for 3 shares, 0.1 for 300,000.
  const auto split = Apply(Of(3, 1), {.quantity = Quantity::FromUnits(100'000), .entry_price = Price::FromUnits(100)});
  REQUIRE_THAT(split.status(), IsOk());
  CHECK(split->position.entry_price == Price::FromMicros(33'333'333));
  CHECK(split->rounding == Money::FromMicros(-100'000));
  const Money won =
      *ProfitBetween(Side::kBuy, split->position.entry_price, Price::FromUnits(40), split->position.quantity);
  CHECK(won.micros() + split->rounding.micros() == Money::FromUnits(300'000 * 40 - 100'000 * 100).micros());
}

TEST_CASE("the value of any position is the same after any split, to a millionth of a share") {
  std::mt19937_64 random(7);
  const auto between = [&](std::int64_t low, std::int64_t high) {
    return low + static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(high - low + 1));
  };
  for (int i = 0; i < 20'000; ++i) {
    const std::int64_t n = between(1, 50), d = between(1, 50);
    const std::int64_t price = between(10'000, 5'000'000'000);
    const Position before{.is_long = between(0, 1) == 0,
                          .quantity = Quantity::FromMicros(between(1'000, 1'000'000'000'000)),
                          .entry_price = Price::FromMicros(between(10'000, 5'000'000'000))};
    const auto split = Apply(Of(n, d), before);
    REQUIRE_THAT(split.status(), IsOk());
    const Position& after = split->position;
    // The price after the split is exactly price * d / n: all products below are times n.
    const Wide settled = Wide(split->rounding.micros()) * kMicrosPerUnit * n;
    const Wide lost = WonBefore(before, price, n) - WonAfter(after, price, n, d) - settled;
    // At most a millionth of a new share, at what a share has won, and half a millionth of money.
    const Wide won_a_share = Wide(std::abs(price - before.entry_price.micros())) * d;
    const Wide most = won_a_share + Wide(kMicrosPerUnit) * n;
    INFO(n << " for " << d << ", " << Format(before.quantity) << " at " << Format(before.entry_price) << ", price "
           << FormatDecimal(price));
    CHECK((lost <= most && lost >= -most));
    if (before.quantity.micros() * n % d == 0) CHECK((lost <= kMicrosPerUnit * n && lost >= -kMicrosPerUnit * n));
  }
}

TEST_CASE("no price that had not reached a level has reached it after a split") {
  std::mt19937_64 random(11);
  for (int i = 0; i < 20'000; ++i) {
    const std::int64_t n = 1 + static_cast<std::int64_t>(random() % 30),
                       d = 1 + static_cast<std::int64_t>(random() % 30);
    const std::int64_t level = 1'000'000 + static_cast<std::int64_t>(random() % 1'000'000'000);
    const bool is_long = random() % 2 == 0;
    const Position before{.is_long = is_long,
                          .quantity = Quantity::FromUnits(1),
                          .entry_price = Price::FromMicros(level),
                          .stop_loss = Price::FromMicros(level),
                          .target_price = Price::FromMicros(level)};
    const Position after = Apply(Of(n, d), before)->position;
    // A price a millionth short of the level, on the new terms, times n.
    const Wide above = Wide(level + 1) * d, below = Wide(level - 1) * d;
    const Wide stop = Wide(after.stop_loss->micros()) * n, target = Wide(after.target_price->micros()) * n;
    INFO(n << " for " << d << ", level " << FormatDecimal(level));
    CHECK((is_long ? stop < above : stop > below));
    CHECK((is_long ? target > below : target < above));
  }
}

TEST_CASE("a position never becomes nothing, and a price never 0") {
  const auto tiny = Apply(Of(1, 10), {.quantity = Quantity::FromMicros(1), .entry_price = Price::FromUnits(1)});
  CHECK(tiny->position.quantity == Quantity::FromMicros(1));
  const auto cheap = Apply(Of(10, 1), {.quantity = Quantity::FromUnits(1), .entry_price = Price::FromMicros(1)});
  CHECK(cheap->position.entry_price == Price::FromMicros(1));
  CHECK(cheap->rounding == Money::FromMicros(9));
}

TEST_CASE("what leaves the exact range is refused") {
  const Position huge{.quantity = Quantity::FromMicros(INT64_MAX / 2), .entry_price = Price::FromUnits(1)};
  CHECK_THAT(Apply(Of(4, 1), huge).status(), HasReason(Reason::kAMOUNT_OUT_OF_RANGE));
  CHECK_THAT(Pay({Price::FromUnits(1'000)}, true, huge.quantity).status(), HasReason(Reason::kAMOUNT_OUT_OF_RANGE));
}

TEST_CASE("a dividend is credited to a long and debited from a short") {
  CHECK(*Pay({Price::FromMicros(250'000)}, true, Quantity::FromUnits(10)) == Money::FromMicros(2'500'000));
  CHECK(*Pay({Price::FromMicros(250'000)}, false, Quantity::FromUnits(10)) == Money::FromMicros(-2'500'000));
}

TEST_CASE("a trade that was closed in ignorance of a split is paid for the shares that it did not count") {
  // Bought 10 at 500, sold 10 at 126 on the day after 4 for 1: 30 more shares at 126.
  CHECK(*Compensate(Of(4, 1), true, Quantity::FromUnits(10), Price::FromUnits(126)) == Money::FromUnits(3'780));
  CHECK(*Compensate(Of(4, 1), false, Quantity::FromUnits(10), Price::FromUnits(126)) == Money::FromUnits(-3'780));
  CHECK(*Compensate(Of(1, 10), true, Quantity::FromUnits(10), Price::FromUnits(30)) == Money::FromUnits(-270));
}

}  // namespace
}  // namespace papertape::trade_engine

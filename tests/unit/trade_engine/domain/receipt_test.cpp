#include "services/trade_engine/domain/receipt.h"

#include "tests/support/matchers.h"

namespace papertape::trade_engine {
namespace {

using papertape::testing::IsOk;

const Timestamp kNoon = *ParseRfc3339("2026-11-20T12:00:00Z");

Quote Quoted(std::int64_t last_micros, bool two_sided = true) {
  Quote quote{.symbol = "AAPL", .last = Price::FromMicros(last_micros), .time = kNoon, .source = "simulator"};
  if (!two_sided) return quote;
  quote.bid = Price::FromMicros(last_micros - 20'000);
  quote.ask = Price::FromMicros(last_micros + 20'000);
  return quote;
}

Trade ALong() {
  return {.user_id = 7,
          .trade_id = "01T",
          .symbol = "AAPL",
          .side = Side::kBuy,
          .quantity = Quantity::FromUnits(10),
          .entry_price = Price::FromMicros(190'020'000),
          .stop_loss = Price::FromUnits(189),
          .target_price = Price::FromUnits(195)};
}

Order AnOrder(Side side, bool opens, Price price, const Quote& quote) {
  return {.order_id = opens ? "01A" : "01B",
          .trade_id = "01T",
          .symbol = "AAPL",
          .side = side,
          .opens = opens,
          .quantity = Quantity::FromUnits(10),
          .price = price,
          .quote = quote};
}

Order Opening() { return AnOrder(Side::kBuy, true, Price::FromMicros(190'020'000), Quoted(190'000'000)); }

// The receipt of a long that was closed at `exit_micros` for `reason`, the last price being two cents higher.
Receipt Closed(std::int64_t exit_micros, ExitReason reason) {
  Trade trade = ALong();
  trade.status = TradeStatus::kClosed;
  trade.exit_price = Price::FromMicros(exit_micros);
  trade.exit_reason = reason;
  trade.closed_at = kNoon;
  trade.pnl = Money::FromMicros((exit_micros - 190'020'000) * 10);
  const auto receipt =
      MakeReceipt(trade, {AnOrder(Side::kSell, false, *trade.exit_price, Quoted(exit_micros + 20'000)), Opening()}, {});
  REQUIRE_THAT(receipt.status(), IsOk());
  REQUIRE(receipt->fills.size() == 2);
  CHECK(receipt->fills[0].order.opens);
  CHECK(receipt->agrees);
  CHECK(receipt->recomputed_pnl == trade.pnl);
  return *receipt;
}

TEST_CASE("an open trade's receipt names the quote that it was filled at") {
  const auto receipt = MakeReceipt(ALong(), {Opening()}, {});
  REQUIRE_THAT(receipt.status(), IsOk());
  CHECK(receipt->agrees);
  CHECK_FALSE(receipt->recomputed_pnl);
  CHECK(receipt->fills.front().used == QuoteSide::kAsk);
  CHECK(
      receipt->fills.front().explanation ==
      "Bought 10 AAPL at 190.02: the ask that simulator quoted at 2026-11-20T12:00:00Z. Slippage (none) added nothing; "
      "the fee (none) is 0.");
}

TEST_CASE("a receipt tells slippage and fee apart, and what the fee is made of") {
  Account account{.user_id = 7, .fee_model = "india_intraday", .slippage_model = "bps:10"};
  Trade trade = ALong();
  trade.entry_price = Price::FromMicros(190'210'020);
  trade.fees = Money::FromMicros(799'316);
  Order order = AnOrder(Side::kBuy, true, trade.entry_price, Quoted(190'000'000));
  order.fee = trade.fees;
  order.created_at = kNoon;
  const auto receipt = MakeReceipt(trade, {order}, account);
  REQUIRE_THAT(receipt.status(), IsOk());
  const FillReceipt& fill = receipt->fills.front();
  CHECK(fill.agrees);
  CHECK(fill.slippage == Price::FromMicros(190'020));
  CHECK(fill.recomputed.fees.total == trade.fees);
  CHECK_THAT(fill.explanation,
             Catch::Contains("Bought 10 AAPL at 190.21002: 190.02, the ask that simulator quoted at") &&
                 Catch::Contains("Slippage (bps:10) makes it 0.19002 worse than that") &&
                 Catch::Contains("the fee (india_intraday) is 0.799316: brokerage 0.570631, exchange"));
}

TEST_CASE("a quote of one price fills at it, and the receipt says so") {
  Trade trade = ALong();
  trade.entry_price = Price::FromUnits(190);
  const auto receipt =
      MakeReceipt(trade, {AnOrder(Side::kBuy, true, trade.entry_price, Quoted(190'000'000, false))}, {});
  CHECK(receipt->fills.front().used == QuoteSide::kLast);
  CHECK_THAT(receipt->fills.front().explanation,
             Catch::Contains("the last price that simulator quoted at") && Catch::Contains("which named no ask."));
}

TEST_CASE("an exit by its stop says how far beyond it the market was") {
  const Receipt receipt = Closed(188'500'000, ExitReason::kStopLoss);
  const FillReceipt& exit = receipt.fills[1];
  CHECK(exit.trigger == Price::FromUnits(189));
  CHECK(exit.beyond_trigger == Price::FromMicros(500'000));
  CHECK_THAT(exit.explanation,
             Catch::Contains("Sold 10 AAPL at 188.5: the bid that") &&
                 Catch::Contains("The last price, 188.52, had reached the stop of 189.") &&
                 Catch::Contains("The fill is 0.5 worse than the stop: an exit is filled at the market"));
}

TEST_CASE("an exit at a price better than its target says so") {
  const FillReceipt exit = Closed(195'750'000, ExitReason::kTargetPrice).fills[1];
  CHECK(exit.beyond_trigger == Price::FromMicros(-750'000));
  CHECK_THAT(exit.explanation, Catch::Contains("The fill is 0.75 better than the target."));
}

TEST_CASE("an exit by hand has no trigger") {
  const FillReceipt exit = Closed(191'000'000, ExitReason::kManual).fills[1];
  CHECK_FALSE(exit.trigger);
  CHECK_THAT(exit.explanation, Catch::Contains("Its owner asked for it."));
}

TEST_CASE("a record that was altered does not agree with itself") {
  Order order = Opening();
  order.price = Price::FromUnits(189);
  const auto receipt = MakeReceipt(ALong(), {order}, {});
  CHECK_FALSE(receipt->agrees);
  CHECK_FALSE(receipt->fills.front().agrees);
  CHECK_THAT(receipt->fills.front().explanation,
             Catch::Contains("Made again from the stored quote the price is 190.02"));
  CHECK_FALSE(MakeReceipt(ALong(), {}, {})->agrees);
}

// What an action did to ALong().
Adjustment Adjusted(const ActionTerms& terms) {
  const Position position{.quantity = Quantity::FromUnits(10),
                          .entry_price = Price::FromMicros(190'020'000),
                          .stop_loss = Price::FromUnits(189),
                          .target_price = Price::FromUnits(195)};
  return {.trade_id = "01T",
          .action_id = "AAPL/2026-11-20/split",
          .terms = terms,
          .ex_date = *ParseDate("2026-11-20"),
          .source = "polygon",
          .before = position,
          .after = position,
          .applied_at = kNoon};
}

TEST_CASE("a split and a dividend are made again from their terms, and said in words") {
  Adjustment dividend = Adjusted(Dividend{Price::FromMicros(250'000)});
  dividend.amount = Money::FromMicros(2'500'000);
  dividend.late = true;
  const Split two_for_one{Quantity::FromUnits(2), Quantity::FromUnits(1)};
  Adjustment split = Adjusted(two_for_one);
  split.after = Apply(two_for_one, split.before)->position;
  Trade trade = ALong();
  trade.quantity = split.after.quantity;
  trade.entry_price = split.after.entry_price;
  trade.stop_loss = split.after.stop_loss;
  trade.income = dividend.amount;
  trade.status = TradeStatus::kClosed;
  trade.exit_price = Price::FromUnits(96);
  trade.exit_reason = ExitReason::kManual;
  trade.closed_at = kNoon;
  trade.pnl = Money::FromMicros(20 * (96'000'000 - 95'010'000) + 2'500'000);
  Order exit = AnOrder(Side::kSell, false, *trade.exit_price, Quoted(96'020'000));
  exit.quantity = trade.quantity;
  const auto receipt = MakeReceipt(trade, {Opening(), exit}, {}, {dividend, split});
  REQUIRE_THAT(receipt.status(), IsOk());
  CHECK(receipt->agrees);
  CHECK(receipt->recomputed_pnl == trade.pnl);
  REQUIRE(receipt->adjustments.size() == 2);
  CHECK(receipt->adjustments[0].explanation ==
        "2026-11-20: AAPL paid 0.25 a share: 2.5 credited for 10 shares. It was applied late, at 2026-11-20T12:00:00Z: "
        "it was not known before, or the engine was away.");
  CHECK(receipt->adjustments[1].explanation ==
        "2026-11-20: AAPL split 2 for 1. 10 shares entered at 190.02 became 20 at 95.01; the stop moved from 189 to "
        "94.5; the target moved from 195 to 97.5. What was paid for them and what is held for them stayed the same.");

  dividend.amount = Money::FromUnits(25);
  trade.income = dividend.amount;
  const auto altered = MakeReceipt(trade, {Opening(), exit}, {}, {dividend, split});
  CHECK_FALSE(altered->agrees);
  CHECK_FALSE(altered->adjustments[0].agrees);
  CHECK_FALSE(MakeReceipt(trade, {Opening(), exit}, {}, {split})->agrees);
}

TEST_CASE("what was settled after the close, and what was corrected, is said") {
  Trade trade = ALong();
  trade.exit_price = Price::FromUnits(96);
  Adjustment split = Adjusted(Split{Quantity::FromUnits(2), Quantity::FromUnits(1)});
  split.amount = Money::FromUnits(960);
  split.after_close = true;
  split.corrected = true;
  trade.income = split.amount;
  const auto receipt = MakeReceipt(trade, {Opening()}, {}, {split});
  CHECK(receipt->adjustments[0].agrees);
  CHECK_THAT(receipt->adjustments[0].explanation,
             Catch::Contains("Nobody knew of it when the trade was closed for 10 shares at 96: 960 credited for the "
                             "shares that it did not count") &&
                 Catch::Contains("It was told otherwise afterwards"));
}

}  // namespace
}  // namespace papertape::trade_engine

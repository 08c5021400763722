#include "services/notification/domain/wording.h"

#include "tests/support/catch.h"

namespace papertape::notification {
namespace {

TradeFacts ATrade() {
  return {.trade_id = "01T",
          .symbol = "AAPL",
          .is_long = true,
          .quantity = Quantity::FromUnits(10),
          .entry_price = Price::FromMicros(150'000'000)};
}

TradingNews News(NewsKind kind, const TradeFacts& trade) {
  return {.kind = kind, .user_id = 7, .trade = trade, .data = R"({"kind":"X"})"};
}

TEST_CASE("amounts have two places, and more where they need them") {
  CHECK(InDollars(148'500'000) == "$148.50");
  CHECK(InDollars(100'000'000'000) == "$100000.00");
  CHECK(InDollars(123'456) == "$0.123456");
  CHECK(InDollars(1'250'000) == "$1.25");
  CHECK(InDollars(0) == "$0.00");
}

TEST_CASE("an opened account says what it holds") {
  const Draft draft = Compose(
      {.kind = NewsKind::kAccountOpened, .user_id = 7, .available_margin = Money::FromUnits(100'000), .data = "{}"});
  CHECK(draft.user_id == 7);
  CHECK(draft.type == "portfolio_created");
  CHECK(draft.title == "Paper account opened");
  CHECK(draft.message == "Your paper account is open with $100000.00");
  CHECK(draft.data == "{}");
  CHECK_FALSE(draft.alert.has_value());
}

TEST_CASE("an opened trade says its price, stop and target") {
  TradeFacts trade = ATrade();
  CHECK(Compose(News(NewsKind::kTradeOpened, trade)).message == "Bought 10 AAPL at $150.00");
  trade.is_long = false;
  trade.quantity = Quantity::FromMicros(500'000);
  trade.stop_loss = Price::FromMicros(155'250'000);
  trade.target_price = Price::FromMicros(140'000'000);
  const Draft draft = Compose(News(NewsKind::kTradeOpened, trade));
  CHECK(draft.type == "trade_created");
  CHECK(draft.title == "Trade opened: AAPL");
  CHECK(draft.message == "Sold short 0.5 AAPL at $150.00, stop $155.25, target $140.00");
  CHECK_FALSE(draft.alert.has_value());
}

TEST_CASE("a closed trade says what it earned or lost") {
  TradeFacts trade = ATrade();
  trade.exit_price = Price::FromMicros(155'500'000);
  trade.pnl = Money::FromMicros(55'000'000);
  const Draft draft = Compose(News(NewsKind::kTradeExited, trade));
  CHECK(draft.type == "trade_exited");
  CHECK(draft.title == "Trade closed: AAPL");
  CHECK(draft.message == "Sold 10 AAPL at $155.50: profit $55.00");
  CHECK_FALSE(draft.alert.has_value());
  trade.is_long = false;
  trade.pnl = Money::FromMicros(-55'000'000);
  CHECK(Compose(News(NewsKind::kTradeExited, trade)).message == "Bought back 10 AAPL at $155.50: loss $55.00");
  trade.pnl = Money();
  CHECK(Compose(News(NewsKind::kTradeExited, trade)).message == "Bought back 10 AAPL at $155.50: no profit or loss");
}

TEST_CASE("what happened in a replay is no news of today, and says so") {
  TradeFacts trade = ATrade();
  trade.exit_price = Price::FromMicros(148'500'000);
  trade.pnl = Money::FromMicros(-15'000'000);
  TradingNews news = News(NewsKind::kStopLossHit, trade);
  news.replayed = *ParseRfc3339("2008-10-06T14:30:00Z");
  const Draft draft = Compose(news);
  CHECK(draft.title == "Replay: Stop loss hit: AAPL");
  CHECK(draft.message == "Replay of 2008-10-06T14:30:00Z: Stop loss triggered for AAPL at $148.50: loss $15.00");
  REQUIRE(draft.alert.has_value());
  CHECK(draft.alert->message == "Replay of 2008-10-06T14:30:00Z: Stop loss triggered for AAPL at $148.50");
}

TEST_CASE("a stop alerts in the words of the journal dialect") {
  TradeFacts trade = ATrade();
  trade.exit_price = Price::FromMicros(148'500'000);
  trade.pnl = Money::FromMicros(-15'000'000);
  const Draft draft = Compose(News(NewsKind::kStopLossHit, trade));
  CHECK(draft.type == "trade_auto_closed");
  CHECK(draft.title == "Stop loss hit: AAPL");
  CHECK(draft.message == "Stop loss triggered for AAPL at $148.50: loss $15.00");
  REQUIRE(draft.alert.has_value());
  CHECK(draft.alert->ticker == "AAPL");
  CHECK(draft.alert->trade_id == "01T");
  CHECK(draft.alert->message == "Stop loss triggered for AAPL at $148.50");
}

TEST_CASE("a target alerts too") {
  TradeFacts trade = ATrade();
  trade.exit_price = Price::FromMicros(160'000'000);
  trade.pnl = Money::FromMicros(100'000'000);
  const Draft draft = Compose(News(NewsKind::kTargetHit, trade));
  CHECK(draft.type == "trade_auto_closed");
  CHECK(draft.title == "Target hit: AAPL");
  CHECK(draft.message == "Target price reached for AAPL at $160.00: profit $100.00");
  REQUIRE(draft.alert.has_value());
  CHECK(draft.alert->message == "Target price reached for AAPL at $160.00");
}

TEST_CASE("a split says what one holds now") {
  TradeFacts trade = ATrade();
  trade.quantity = Quantity::FromUnits(40);
  trade.entry_price = Price::FromMicros(37'500'000);
  trade.stop_loss = Price::FromUnits(35);
  TradingNews news = News(NewsKind::kSplitApplied, trade);
  news.adjustment = {.new_shares = Quantity::FromUnits(4),
                     .old_shares = Quantity::FromUnits(1),
                     .quantity_before = Quantity::FromUnits(10),
                     .entry_price_before = Price::FromUnits(150)};
  CHECK(Compose(news).type == "split_applied");
  CHECK(Compose(news).title == "Split: AAPL");
  CHECK(Compose(news).message == "AAPL split 4 for 1: your 10 at $150.00 are 40 at $37.50 now, stop $35.00");
  news.adjustment.after_close = news.adjustment.late = true;
  news.adjustment.amount = Money::FromUnits(-30);
  CHECK(Compose(news).message ==
        "AAPL split 4 for 1 (applied late): $30.00 debited for the shares that your closed trade did not count");
}

TEST_CASE("a dividend says what it credited, or debited from who sold short") {
  TradeFacts trade = ATrade();
  TradingNews news = News(NewsKind::kDividendPaid, trade);
  news.adjustment = {.per_share = Price::FromMicros(250'000),
                     .quantity_before = Quantity::FromUnits(10),
                     .amount = Money::FromMicros(2'500'000)};
  CHECK(Compose(news).type == "dividend_paid");
  CHECK(Compose(news).message == "AAPL paid $0.25 a share: $2.50 credited for 10 held");
  news.trade->is_long = false;
  news.adjustment.amount = Money::FromMicros(-2'500'000);
  CHECK(Compose(news).message == "AAPL paid $0.25 a share: $2.50 debited for 10 sold short");
}

}  // namespace
}  // namespace papertape::notification

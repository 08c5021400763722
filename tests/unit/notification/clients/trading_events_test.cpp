#include "services/notification/clients/trading_events.h"

#include "papertape/trade_engine/v1/events.pb.h"
#include "tests/support/matchers.h"

namespace papertape::notification {
namespace {

using testing::HasReason;
using testing::IsOk;
namespace engine = trade_engine::v1;

events::Event EventWith(const engine::TradingEvent& message) {
  return {.id = "01E",
          .type = "papertape.trade_engine.v1.TradingEvent",
          .user_id = 7,
          .payload = message.SerializeAsString()};
}

engine::TradingEvent AStop() {
  engine::TradingEvent message;
  message.set_kind(engine::TradingEvent::KIND_STOP_LOSS_HIT);
  message.set_account_seq(3);
  engine::Trade& trade = *message.mutable_trade();
  trade.set_trade_id("01T");
  trade.set_symbol("AAPL");
  trade.set_trade_type(engine::TRADE_TYPE_SELL);
  trade.mutable_quantity()->set_micros(10'000'000);
  trade.mutable_entry_price()->set_micros(150'000'000);
  trade.mutable_stop_loss()->set_micros(155'000'000);
  trade.mutable_exit_price()->set_micros(155'500'000);
  trade.mutable_pnl()->set_micros(-55'000'000);
  return message;
}

TEST_CASE("an event of the engine is read with the facts that the feed tells") {
  const auto news = ReadTradingEvent(EventWith(AStop()));
  REQUIRE_THAT(news.status(), IsOk());
  REQUIRE(news->has_value());
  CHECK((*news)->kind == NewsKind::kStopLossHit);
  CHECK_FALSE((*news)->replayed);
  CHECK((*news)->user_id == 7);
  REQUIRE((*news)->trade.has_value());
  const TradeFacts& trade = *(*news)->trade;
  CHECK(trade.trade_id == "01T");
  CHECK(trade.symbol == "AAPL");
  CHECK_FALSE(trade.is_long);
  CHECK(trade.quantity == Quantity::FromUnits(10));
  CHECK(trade.stop_loss == Price::FromUnits(155));
  CHECK_FALSE(trade.target_price.has_value());
  CHECK(trade.exit_price == Price::FromMicros(155'500'000));
  CHECK(trade.pnl == Money::FromUnits(-55));
  CHECK_THAT((*news)->data, Catch::Contains(R"("kind":"STOP_LOSS_HIT")") && Catch::Contains(R"("account_seq":3)") &&
                                Catch::Contains(R"("exit_price":155.5)"));
}

TEST_CASE("a dividend is read with what it paid") {
  engine::TradingEvent message = AStop();
  message.set_kind(engine::TradingEvent::KIND_DIVIDEND_PAID);
  engine::Adjustment& adjustment = *message.mutable_adjustment();
  adjustment.mutable_amount_per_share()->set_micros(250'000);
  adjustment.mutable_quantity_before()->set_micros(10'000'000);
  adjustment.mutable_amount()->set_micros(-2'500'000);
  adjustment.set_late(true);
  const auto news = ReadTradingEvent(EventWith(message));
  REQUIRE_THAT(news.status(), IsOk());
  CHECK((*news)->kind == NewsKind::kDividendPaid);
  CHECK((*news)->adjustment.per_share == Price::FromMicros(250'000));
  CHECK((*news)->adjustment.amount == Money::FromMicros(-2'500'000));
  CHECK((*news)->adjustment.late);
  CHECK_THAT((*news)->data, Catch::Contains(R"("amount_per_share":0.25)"));
}

TEST_CASE("an opened account needs no trade") {
  engine::TradingEvent message;
  message.set_kind(engine::TradingEvent::KIND_ACCOUNT_OPENED);
  message.mutable_portfolio()->mutable_available_margin()->set_micros(100'000'000'000);
  const auto news = ReadTradingEvent(EventWith(message));
  REQUIRE_THAT(news.status(), IsOk());
  CHECK((*news)->available_margin == Money::FromUnits(100'000));
}

TEST_CASE("what a later version publishes is passed over") {
  events::Event other = EventWith(AStop());
  other.type = "papertape.trade_engine.v2.TradingEvent";
  CHECK_FALSE(ReadTradingEvent(other)->has_value());
  engine::TradingEvent later = AStop();
  later.set_kind(static_cast<engine::TradingEvent::Kind>(99));
  CHECK_FALSE(ReadTradingEvent(EventWith(later))->has_value());
}

TEST_CASE("what cannot be read is an error") {
  events::Event broken = EventWith(AStop());
  broken.payload = "\xff\xff\xff";
  CHECK_THAT(ReadTradingEvent(broken).status(), HasReason(Reason::kINVALID_ARGUMENT));
  engine::TradingEvent tradeless = AStop();
  tradeless.clear_trade();
  CHECK_THAT(ReadTradingEvent(EventWith(tradeless)).status(), HasReason(Reason::kINVALID_ARGUMENT));
}

}  // namespace
}  // namespace papertape::notification

#include "services/notification/clients/trading_events.h"

#include "libs/json/json_writer.h"
#include "libs/rpc/proto_types.h"
#include "libs/status/status.h"
#include "papertape/trade_engine/v1/events.pb.h"
#include "services/notification/domain/wording.h"

namespace papertape::notification {
namespace {

namespace engine = trade_engine::v1;

std::optional<NewsKind> KindOf(engine::TradingEvent::Kind kind) {
  switch (kind) {
    case engine::TradingEvent::KIND_ACCOUNT_OPENED:
      return NewsKind::kAccountOpened;
    case engine::TradingEvent::KIND_TRADE_OPENED:
      return NewsKind::kTradeOpened;
    case engine::TradingEvent::KIND_TRADE_EXITED:
      return NewsKind::kTradeExited;
    case engine::TradingEvent::KIND_STOP_LOSS_HIT:
      return NewsKind::kStopLossHit;
    case engine::TradingEvent::KIND_TARGET_HIT:
      return NewsKind::kTargetHit;
    case engine::TradingEvent::KIND_SPLIT_APPLIED:
      return NewsKind::kSplitApplied;
    case engine::TradingEvent::KIND_DIVIDEND_PAID:
      return NewsKind::kDividendPaid;
    default:
      return std::nullopt;
  }
}

TradeFacts FactsOf(const engine::Trade& trade) {
  TradeFacts facts{.trade_id = trade.trade_id(),
                   .symbol = trade.symbol(),
                   .is_long = trade.trade_type() == engine::TRADE_TYPE_BUY,
                   .quantity = rpc::Decode<Quantity>(trade.quantity()),
                   .entry_price = rpc::Decode<Price>(trade.entry_price()),
                   .exit_price = rpc::Decode<Price>(trade.exit_price()),
                   .pnl = rpc::Decode<Money>(trade.pnl())};
  if (trade.has_stop_loss()) facts.stop_loss = rpc::Decode<Price>(trade.stop_loss());
  if (trade.has_target_price()) facts.target_price = rpc::Decode<Price>(trade.target_price());
  return facts;
}

AdjustmentFacts FactsOf(const engine::Adjustment& adjustment) {
  return {.new_shares = rpc::Decode<Quantity>(adjustment.numerator()),
          .old_shares = rpc::Decode<Quantity>(adjustment.denominator()),
          .per_share = rpc::Decode<Price>(adjustment.amount_per_share()),
          .quantity_before = rpc::Decode<Quantity>(adjustment.quantity_before()),
          .entry_price_before = rpc::Decode<Price>(adjustment.entry_price_before()),
          .amount = rpc::Decode<Money>(adjustment.amount()),
          .late = adjustment.late(),
          .after_close = adjustment.after_close()};
}

}  // namespace

absl::StatusOr<std::optional<TradingNews>> ReadTradingEvent(const events::Event& event) {
  if (event.type != engine::TradingEvent::descriptor()->full_name()) return std::optional<TradingNews>();
  engine::TradingEvent message;
  if (!message.ParseFromString(event.payload)) {
    return Error(Reason::kINVALID_ARGUMENT, "The event's payload is not a TradingEvent.");
  }
  const std::optional<NewsKind> kind = KindOf(message.kind());
  if (!kind) return std::optional<TradingNews>();
  if (*kind != NewsKind::kAccountOpened && !message.has_trade()) {
    return Error(Reason::kINVALID_ARGUMENT, "The event names no trade.");
  }
  TradingNews news{.kind = *kind,
                   .user_id = event.user_id,
                   .available_margin = rpc::Decode<Money>(message.portfolio().available_margin()),
                   .data = json::ToJson(message)};
  if (message.session() != 0) news.replayed = event.time;
  if (message.has_adjustment()) news.adjustment = FactsOf(message.adjustment());
  if (message.has_trade()) news.trade = FactsOf(message.trade());
  return std::optional<TradingNews>(std::move(news));
}

absl::StatusOr<std::optional<Draft>> TellTradingEvent(const events::Event& event) {
  PT_ASSIGN_OR_RETURN(const std::optional<TradingNews> news, ReadTradingEvent(event));
  if (!news) return std::optional<Draft>();
  return std::optional<Draft>(Compose(*news));
}

}  // namespace papertape::notification

#include "services/trade_engine/rpc/event_messages.h"

#include "libs/rpc/proto_types.h"
#include "libs/status/status.h"
#include "papertape/trade_engine/v1/events.pb.h"
#include "services/trade_engine/rpc/adjustment_messages.h"
#include "services/trade_engine/rpc/trade_messages.h"

namespace papertape::trade_engine {
namespace {

v1::TradingEvent::Kind ToWire(EventKind kind) {
  // Both lists stand in the same order; the wire's begins with UNSPECIFIED.
  return static_cast<v1::TradingEvent::Kind>(static_cast<int>(kind) + 1);
}

bool BeginsAccount(EventKind kind) {
  return kind == EventKind::kAccountOpened || kind == EventKind::kAccountCarriedOver;
}

void Encode(const Order& order, v1::TradingEvent::Fill& out) {
  out.set_order_id(order.order_id);
  out.set_order_type(ToWire(order.side));
  out.set_opens(order.opens);
  rpc::Encode(order.quantity, out.mutable_quantity());
  rpc::Encode(order.price, out.mutable_price());
  rpc::Encode(order.fee, out.mutable_fee());
  if (!order.realized_pnl.is_zero()) rpc::Encode(order.realized_pnl, out.mutable_realized_pnl());
  out.set_quote_source(order.quote.source);
  rpc::Encode(order.quote.time, out.mutable_quote_time());
  rpc::Encode(order.quote.last, out.mutable_quote_last());
  if (order.quote.bid) rpc::Encode(*order.quote.bid, out.mutable_quote_bid());
  if (order.quote.ask) rpc::Encode(*order.quote.ask, out.mutable_quote_ask());
}

void Encode(const Account& account, v1::TradingEvent::Beginning& out) {
  rpc::Encode(account.deposit, out.mutable_deposit());
  out.set_fee_model(account.fee_model);
  out.set_slippage_model(account.slippage_model);
  out.set_total_trades(account.total_trades);
  out.set_closed_trades(account.closed_trades);
  out.set_winning_trades(account.winning_trades);
  out.set_losing_trades(account.losing_trades);
}

}  // namespace

std::string EventType() { return v1::TradingEvent::descriptor()->full_name(); }

std::string EncodeEvent(std::int64_t session, const EventView& view) {
  const Event& event = view.event;
  v1::TradingEvent out;
  out.set_kind(ToWire(event.kind));
  out.set_account_seq(event.account_seq);
  out.set_session(session);
  Encode(event.account, *out.mutable_portfolio());
  if (event.trade) Encode(*event.trade, event.trade->entry_price, *out.mutable_trade());
  if (view.order != nullptr) Encode(*view.order, *out.mutable_fill());
  for (const Transfer& transfer : view.transfers) {
    v1::TradingEvent::Transfer& moved = *out.add_transfers();
    moved.set_from_book(std::string(Name(transfer.from)));
    moved.set_to_book(std::string(Name(transfer.to)));
    rpc::Encode(transfer.amount, moved.mutable_amount());
  }
  if (event.adjustment) Encode(*event.adjustment, *out.mutable_adjustment());
  if (BeginsAccount(event.kind)) Encode(event.account, *out.mutable_beginning());
  return out.SerializeAsString();
}

}  // namespace papertape::trade_engine

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
  out.set_order_type(trade_engine::ToWire(order.side));
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

template <class Amount>
std::optional<Amount> Given(bool has, const type::v1::Decimal& value) {
  if (!has) return std::nullopt;
  return rpc::Decode<Amount>(value);
}

Side ToSide(v1::TradeType type) { return type == v1::TRADE_TYPE_SELL ? Side::kSell : Side::kBuy; }

Account Decode(const v1::TradingEvent& event) {
  const v1::Portfolio& told = event.portfolio();
  Account account{.user_id = told.user_id(),
                  .portfolio_id = told.portfolio_id(),
                  .available = rpc::Decode<Money>(told.available_margin()),
                  .utilized = rpc::Decode<Money>(told.utilized_margin()),
                  .realized_pnl = rpc::Decode<Money>(told.total_pnl()),
                  .last_seq = event.account_seq(),
                  .created_at = rpc::Decode(told.created_at()),
                  .updated_at = rpc::Decode(told.last_updated())};
  if (!event.has_beginning()) return account;
  const v1::TradingEvent::Beginning& beginning = event.beginning();
  account.deposit = rpc::Decode<Money>(beginning.deposit());
  account.fee_model = beginning.fee_model();
  account.slippage_model = beginning.slippage_model();
  // Of an account that is opened here they are 0.
  account.total_trades = beginning.total_trades();
  account.closed_trades = beginning.closed_trades();
  account.winning_trades = beginning.winning_trades();
  account.losing_trades = beginning.losing_trades();
  return account;
}

Trade Decode(const v1::Trade& told, Timestamp quote_time) {
  Trade trade{.user_id = told.user_id(),
              .trade_id = told.trade_id(),
              .symbol = told.symbol(),
              .side = ToSide(told.trade_type()),
              .quantity = rpc::Decode<Quantity>(told.quantity()),
              .entry_price = rpc::Decode<Price>(told.entry_price()),
              .stop_loss = Given<Price>(told.has_stop_loss(), told.stop_loss()),
              .target_price = Given<Price>(told.has_target_price(), told.target_price()),
              .status = static_cast<TradeStatus>(static_cast<int>(told.status()) - 1),
              .margin_used = rpc::Decode<Money>(told.margin_used()),
              .fees = rpc::Decode<Money>(told.fees()),
              .income = rpc::Decode<Money>(told.income()),
              .quote_source = told.quote_source(),
              .quote_time = quote_time,
              .exit_price = Given<Price>(told.has_exit_price(), told.exit_price()),
              .exit_reason = ParseExitReason(told.exit_reason()),
              .pnl = Given<Money>(told.has_pnl(), told.pnl()),
              .created_at = rpc::Decode(told.created_at())};
  if (told.has_closed_at()) trade.closed_at = rpc::Decode(told.closed_at());
  return trade;
}

Order Decode(const v1::TradingEvent::Fill& fill, const Event& event) {
  return {.user_id = event.account.user_id,
          .account_seq = event.account_seq,
          .order_id = fill.order_id(),
          .trade_id = event.trade ? event.trade->trade_id : "",
          .symbol = event.trade ? event.trade->symbol : "",
          .side = ToSide(fill.order_type()),
          .opens = fill.opens(),
          .quantity = rpc::Decode<Quantity>(fill.quantity()),
          .price = rpc::Decode<Price>(fill.price()),
          .fee = rpc::Decode<Money>(fill.fee()),
          .realized_pnl = rpc::Decode<Money>(fill.realized_pnl()),
          .quote = {.symbol = event.trade ? event.trade->symbol : "",
                    .last = rpc::Decode<Price>(fill.quote_last()),
                    .bid = Given<Price>(fill.has_quote_bid(), fill.quote_bid()),
                    .ask = Given<Price>(fill.has_quote_ask(), fill.quote_ask()),
                    .time = rpc::Decode(fill.quote_time()),
                    .source = fill.quote_source()}};
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
  if (event.trade && (view.order == nullptr || !view.order->opens)) {
    rpc::Encode(event.trade->quote_time, out.mutable_opening_quote_time());
  }
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

absl::StatusOr<EventRecord> DecodeEvent(std::string_view payload) {
  v1::TradingEvent in;
  if (!in.ParseFromArray(payload.data(), static_cast<int>(payload.size()))) {
    return Error(Reason::kINTERNAL, "a payload is no TradingEvent");
  }
  EventRecord record;
  Event& event = record.event;
  event.kind = static_cast<EventKind>(static_cast<int>(in.kind()) - 1);
  event.account_seq = in.account_seq();
  event.account = Decode(in);
  const bool opens = in.has_fill() && in.fill().opens();
  if (in.has_trade()) {
    event.trade = Decode(in.trade(), rpc::Decode(opens ? in.fill().quote_time() : in.opening_quote_time()));
  }
  if (in.has_fill()) record.order = Decode(in.fill(), event);
  for (const v1::TradingEvent::Transfer& moved : in.transfers()) {
    const auto from = ParseLedgerBook(moved.from_book());
    const auto to = ParseLedgerBook(moved.to_book());
    if (!from || !to) return Error(Reason::kINTERNAL, "a payload names a book that there is not");
    record.transfers.push_back({.user_id = event.account.user_id,
                                .account_seq = event.account_seq,
                                .line = static_cast<int>(record.transfers.size()) + 1,
                                .from = *from,
                                .to = *to,
                                .amount = rpc::Decode<Money>(moved.amount()),
                                .trade_id = event.trade ? event.trade->trade_id : ""});
  }
  return record;
}

}  // namespace papertape::trade_engine

#include "services/trade_engine/store/new_rows.h"

namespace papertape::trade_engine {
namespace {

constexpr std::size_t kRowLength = 256;  // of a row on the wire, about

}  // namespace

NewRows::NewRows(std::int64_t session, const Batch& batch)
    : has_transfers_(!batch.transfers().empty()),
      has_trades_(!batch.trades().made().empty()),
      has_orders_(!batch.orders().empty()) {
  transfers_.Reserve(batch.transfers().size() * kRowLength);
  trades_.Reserve(batch.trades().made().size() * kRowLength);
  orders_.Reserve(batch.orders().size() * kRowLength);
  fills_.Reserve(batch.orders().size() * kRowLength);
  for (const Transfer& transfer : batch.transfers()) Add(session, transfer);
  for (const Trade& trade : batch.trades().made()) Add(session, trade);
  for (const Order& order : batch.orders()) Add(session, order);
}

void NewRows::Add(std::int64_t session, const Trade& t) {
  std::optional<std::string_view> exit_reason;
  if (t.exit_reason) exit_reason = Name(*t.exit_reason);
  trades_.Add(session, t.user_id, t.trade_id, t.symbol, Name(t.side), t.quantity, t.entry_price, t.stop_loss,
              t.target_price, Name(t.status), t.margin_used, t.fees, t.quote_source, t.quote_time, t.exit_price,
              exit_reason, t.pnl, t.created_at, t.closed_at, t.income);
}

void NewRows::Add(std::int64_t session, const Order& o) {
  orders_.Add(session, o.user_id, o.order_id, o.trade_id, o.symbol, Name(o.side), o.opens, o.quantity,
              std::string_view("EXECUTED"), o.realized_pnl, o.created_at);
  fills_.Add(o.user_id, o.order_id, o.price, o.quantity, o.fee, o.quote.source, o.quote.time, o.quote.last, o.quote.bid,
             o.quote.ask);
}

void NewRows::Add(std::int64_t session, const Transfer& t) {
  transfers_.Add(session, t.user_id, t.account_seq, static_cast<std::int16_t>(t.line), Name(t.from), Name(t.to),
                 t.amount, t.trade_id, t.created_at);
}

std::vector<pg::CopyTarget> NewRows::Targets() {
  std::vector<pg::CopyTarget> targets;
  if (has_transfers_) {
    targets.push_back(
        {"transfers (session, user_id, account_seq, line, from_book, to_book, amount, trade_id, created_at)",
         transfers_});
  }
  if (has_trades_) {
    targets.push_back(
        {"trades (session, user_id, trade_id, symbol, side, quantity, entry_price, stop_loss, target_price, status, "
         "margin_used, fees, quote_source, quote_time, exit_price, exit_reason, pnl, created_at, closed_at, income)",
         trades_});
  }
  if (has_orders_) {
    targets.push_back(
        {"orders (session, user_id, order_id, trade_id, symbol, side, opens, quantity, status, realized_pnl, "
         "created_at)",
         orders_});
    targets.push_back(
        {"fills (user_id, order_id, price, quantity, fee, quote_source, quote_time, quote_last, quote_bid, quote_ask)",
         fills_});
  }
  return targets;
}

}  // namespace papertape::trade_engine

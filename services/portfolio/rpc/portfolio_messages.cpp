#include "services/portfolio/rpc/portfolio_messages.h"

#include "libs/rpc/proto_types.h"

namespace papertape::portfolio {

void Encode(const Position& position, v1::Position& out) {
  out.set_id(position.trade.trade_id);
  out.set_user_id(position.trade.user_id);
  out.set_symbol(position.trade.symbol);
  rpc::Encode(position.quantity, out.mutable_quantity());
  rpc::Encode(position.trade.entry_price, out.mutable_average_price());
  rpc::Encode(Money(), out.mutable_realized_pnl());  // a paper trade closes as a whole
  out.set_source("paper");
  if (!position.valuation) return;
  const Valuation& valuation = *position.valuation;
  rpc::Encode(valuation.live.price, out.mutable_current_price());
  rpc::Encode(valuation.total_value, out.mutable_total_value());
  rpc::Encode(valuation.unrealized_pnl, out.mutable_unrealized_pnl());
  out.set_unrealized_pnl_percentage(valuation.unrealized_pnl_percentage);
  out.set_stale(valuation.live.stale);
  if (valuation.live.time) rpc::Encode(*valuation.live.time, out.mutable_timestamp());
}

void Encode(const Stats& stats, v1::Stats& out) {
  rpc::Encode(stats.total_value, out.mutable_total_value());
  rpc::Encode(stats.total_unrealized_pnl, out.mutable_total_unrealized_pnl());
  rpc::Encode(stats.total_realized_pnl, out.mutable_total_realized_pnl());
  out.set_total_return_percentage(stats.total_return_percentage);
  out.set_positions_count(stats.positions_count);
  rpc::Encode(stats.cash, out.mutable_cash());
  rpc::Encode(stats.day_pnl, out.mutable_day_pnl());
  for (const std::string& symbol : stats.unpriced_symbols) out.add_unpriced_symbols(symbol);
}

}  // namespace papertape::portfolio

#include "services/trade_engine/rpc/trade_messages.h"

#include <algorithm>

#include "libs/rpc/proto_types.h"
#include "libs/status/status.h"
#include "services/trade_engine/rpc/amounts.h"

namespace papertape::trade_engine {
namespace {

double Percent(double part, double whole) { return whole == 0 ? 0 : part / whole * 100; }

double ToDouble(Money amount) { return static_cast<double>(amount.micros()) / kMicrosPerUnit; }

}  // namespace

v1::TradeType ToWire(Side side) { return side == Side::kBuy ? v1::TRADE_TYPE_BUY : v1::TRADE_TYPE_SELL; }

v1::TradeStatus ToWire(TradeStatus status) {
  // Both lists stand in the same order; the wire's begins with UNSPECIFIED.
  return static_cast<v1::TradeStatus>(static_cast<int>(status) + 1);
}

absl::StatusOr<OpenAccount> Decode(const rpc::Call& call, const v1::CreatePortfolioRequest& request) {
  OpenAccount command{.user_id = call.caller.user_id};
  if (!request.has_initial_margin()) return command;
  const std::int64_t micros = request.initial_margin().micros();
  if (micros < kMicrosPerUnit || micros > kMostMicros) {
    return InvalidField("initial_margin", "must be from 1 to 1000000000");
  }
  command.deposit = rpc::Decode<Money>(request.initial_margin());
  return command;
}

absl::StatusOr<OpenTrade> Decode(const rpc::Call& call, const v1::CreateTradeRequest& request) {
  Violations violations;
  OpenTrade command{.user_id = call.caller.user_id, .symbol = ToSymbol(request.symbol())};
  CheckSymbol(command.symbol, "symbol", violations);
  violations.Check(request.trade_type() == v1::TRADE_TYPE_BUY || request.trade_type() == v1::TRADE_TYPE_SELL,
                   "trade_type", "must be BUY or SELL");
  command.side = request.trade_type() == v1::TRADE_TYPE_SELL ? Side::kSell : Side::kBuy;
  violations.Check(request.has_quantity(), "quantity", "must be set");
  command.quantity =
      Positive<Quantity>(request.has_quantity(), request.quantity(), "quantity", violations).value_or(Quantity());
  command.stop_loss = Positive<Price>(request.has_stop_loss(), request.stop_loss(), "stop_loss", violations);
  command.target_price =
      Positive<Price>(request.has_target_price(), request.target_price(), "target_price", violations);
  PT_RETURN_IF_ERROR(violations.ToStatus());
  return command;
}

absl::StatusOr<ExitTrade> Decode(const rpc::Call& call, const v1::ExitTradeRequest& request) {
  Violations violations;
  ExitTrade command{.user_id = call.caller.user_id, .trade_id = request.trade_id()};
  command.quantity = Positive<Quantity>(request.has_quantity(), request.quantity(), "quantity", violations);
  PT_RETURN_IF_ERROR(violations.ToStatus());
  return command;
}

void Encode(const Account& account, v1::Portfolio& out) {
  out.set_portfolio_id(account.portfolio_id);
  out.set_user_id(account.user_id);
  rpc::Encode(account.available, out.mutable_available_margin());
  rpc::Encode(account.utilized, out.mutable_utilized_margin());
  rpc::Encode(account.realized_pnl, out.mutable_total_pnl());
  rpc::Encode(account.updated_at, out.mutable_last_updated());
  rpc::Encode(account.created_at, out.mutable_created_at());
}

void Encode(const Trade& trade, std::optional<Price> last, v1::Trade& out) {
  out.set_kind("paper");
  out.set_trade_id(trade.trade_id);
  out.set_user_id(trade.user_id);
  out.set_symbol(trade.symbol);
  out.set_trade_type(ToWire(trade.side));
  rpc::Encode(trade.quantity, out.mutable_quantity());
  rpc::Encode(trade.entry_price, out.mutable_entry_price());
  if (trade.stop_loss) rpc::Encode(*trade.stop_loss, out.mutable_stop_loss());
  if (trade.target_price) rpc::Encode(*trade.target_price, out.mutable_target_price());
  out.set_status(ToWire(trade.status));
  rpc::Encode(trade.margin_used, out.mutable_margin_used());
  rpc::Encode(trade.fees, out.mutable_fees());
  rpc::Encode(trade.income, out.mutable_income());
  out.set_quote_source(trade.quote_source);
  rpc::Encode(trade.created_at, out.mutable_created_at());
  if (trade.closed_at) {
    rpc::Encode(*trade.closed_at, out.mutable_closed_at());
    rpc::Encode(*trade.exit_price, out.mutable_exit_price());
    rpc::Encode(*trade.exit_price, out.mutable_current_price());
    rpc::Encode(*trade.pnl, out.mutable_pnl());
    rpc::Encode(Money(), out.mutable_unrealized_pnl());
    out.set_exit_reason(std::string(Name(*trade.exit_reason)));
  } else if (last) {
    rpc::Encode(*last, out.mutable_current_price());
    rpc::Encode(UnrealizedPnl(trade, *last), out.mutable_unrealized_pnl());
  }
}

void Encode(const Order& order, v1::StockOrder& out) {
  out.set_id(order.order_id);
  out.set_user_id(order.user_id);
  out.set_symbol(order.symbol);
  out.set_order_type(ToWire(order.side));
  rpc::Encode(order.quantity, out.mutable_quantity());
  rpc::Encode(order.price, out.mutable_price());
  out.set_status("EXECUTED");
  rpc::Encode(order.created_at, out.mutable_timestamp());
  rpc::Encode(order.realized_pnl, out.mutable_realized_pnl());
}

void Encode(const Performance& performance, v1::Performance& out) {
  const Account& account = performance.account;
  rpc::Encode(performance.active_pnl, out.mutable_active_pnl());
  rpc::Encode(account.realized_pnl, out.mutable_total_pnl());
  out.set_margin_utilization_pct(
      Percent(ToDouble(account.utilized), ToDouble(account.utilized) + ToDouble(account.available)));
  rpc::Encode(account.utilized, out.mutable_margin_utilization_abs());
  rpc::Encode(account.available, out.mutable_available_margin());
  out.set_total_trades(account.total_trades);
  out.set_active_trades(performance.active_trades);
  out.set_closed_trades(account.closed_trades);
  out.set_winning_trades(account.winning_trades);
  out.set_losing_trades(account.losing_trades);
  out.set_win_rate(Percent(static_cast<double>(account.winning_trades), static_cast<double>(account.closed_trades)));
}

void Encode(const AccountOpened& opened, v1::Portfolio& out) { Encode(opened.account, out); }

void Encode(const TradeOpened& opened, v1::CreateTradeReply& out) {
  const Trade& trade = opened.trade;
  out.set_message("Trade created");
  out.set_trade_id(trade.trade_id);
  out.set_user_id(trade.user_id);
  out.set_symbol(trade.symbol);
  out.set_trade_type(ToWire(trade.side));
  rpc::Encode(trade.quantity, out.mutable_quantity());
  rpc::Encode(trade.entry_price, out.mutable_entry_price());
  if (trade.stop_loss) rpc::Encode(*trade.stop_loss, out.mutable_stop_loss());
  if (trade.target_price) rpc::Encode(*trade.target_price, out.mutable_target_price());
  out.set_status(ToWire(trade.status));
  rpc::Encode(trade.margin_used, out.mutable_margin_used());
  rpc::Encode(opened.account.available, out.mutable_remaining_margin());
  rpc::Encode(trade.fees, out.mutable_fees());
  for (const std::string& warning : opened.warnings) out.add_warnings(warning);
  out.set_fee_model(opened.account.fee_model);
  out.set_slippage_model(opened.account.slippage_model);
  out.set_quote_source(trade.quote_source);
  rpc::Encode(trade.created_at, out.mutable_created_at());
}

void Encode(const TradeChanged& changed, v1::Trade& out) {
  Encode(changed.trade, changed.last, out);
  for (const std::string& warning : changed.warnings) out.add_warnings(warning);
}

void Encode(const TradesExited& exited, v1::ExitTradeReply& out) {
  const Trade& trade = exited.trades.front();
  out.set_message("Trade exited");
  rpc::Encode(exited.total_pnl, out.mutable_pnl());
  rpc::Encode(*trade.exit_price, out.mutable_exit_price());
  Encode(trade, std::nullopt, *out.mutable_trade());
}

void Encode(const TradesExited& exited, v1::ExitAllTradesReply& out) {
  out.set_message("All trades exited");
  rpc::Encode(exited.total_pnl, out.mutable_total_pnl());
  out.set_exited(static_cast<std::int64_t>(exited.trades.size()));
}

}  // namespace papertape::trade_engine

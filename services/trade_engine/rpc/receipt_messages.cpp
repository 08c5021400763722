#include "services/trade_engine/rpc/receipt_messages.h"

#include "libs/rpc/proto_types.h"
#include "services/trade_engine/rpc/adjustment_messages.h"
#include "services/trade_engine/rpc/trade_messages.h"

namespace papertape::trade_engine {
namespace {

void Encode(const FillReceipt& fill, const Account& account, v1::FillReceipt& out) {
  const Order& order = fill.order;
  out.set_order_id(order.order_id);
  out.set_trade_type(ToWire(order.side));
  out.set_opens(order.opens);
  rpc::Encode(order.quantity, out.mutable_quantity());
  rpc::Encode(order.price, out.mutable_price());
  rpc::Encode(order.fee, out.mutable_fee());
  out.set_price_used(std::string(Name(fill.used)));
  out.set_quote_source(order.quote.source);
  rpc::Encode(order.quote.time, out.mutable_quote_time());
  rpc::Encode(order.quote.last, out.mutable_quote_last());
  if (order.quote.bid) rpc::Encode(*order.quote.bid, out.mutable_quote_bid());
  if (order.quote.ask) rpc::Encode(*order.quote.ask, out.mutable_quote_ask());
  out.set_fee_model(account.fee_model);
  out.set_slippage_model(account.slippage_model);
  if (fill.trigger) {
    rpc::Encode(*fill.trigger, out.mutable_trigger_price());
    rpc::Encode(fill.beyond_trigger, out.mutable_beyond_trigger());
  }
  rpc::Encode(fill.recomputed.price, out.mutable_recomputed_price());
  rpc::Encode(fill.slippage, out.mutable_slippage());
  for (const execution::FeeLine& line : fill.recomputed.fees.lines) {
    v1::FeeLine& fee = *out.add_fee_lines();
    fee.set_name(std::string(line.name));
    rpc::Encode(line.amount, fee.mutable_amount());
  }
  out.set_agrees(fill.agrees);
  out.set_explanation(fill.explanation);
  rpc::Encode(order.created_at, out.mutable_created_at());
}

}  // namespace

void Encode(const Receipt& receipt, const Account& account, v1::Receipt& out) {
  const Trade& trade = receipt.trade;
  out.set_trade_id(trade.trade_id);
  out.set_symbol(trade.symbol);
  out.set_trade_type(ToWire(trade.side));
  out.set_status(ToWire(trade.status));
  if (trade.exit_reason) out.set_exit_reason(std::string(Name(*trade.exit_reason)));
  for (const FillReceipt& fill : receipt.fills) Encode(fill, account, *out.add_fills());
  for (const AdjustmentReceipt& adjustment : receipt.adjustments) {
    v1::Adjustment& told = *out.add_adjustments();
    Encode(adjustment.adjustment, told);
    told.set_agrees(adjustment.agrees);
    told.set_explanation(adjustment.explanation);
  }
  rpc::Encode(trade.fees, out.mutable_fees());
  if (trade.pnl) rpc::Encode(*trade.pnl, out.mutable_pnl());
  if (receipt.recomputed_pnl) rpc::Encode(*receipt.recomputed_pnl, out.mutable_recomputed_pnl());
  out.set_agrees(receipt.agrees);
}

}  // namespace papertape::trade_engine

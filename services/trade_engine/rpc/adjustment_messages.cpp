#include "services/trade_engine/rpc/adjustment_messages.h"

#include "libs/rpc/proto_types.h"

namespace papertape::trade_engine {

void Encode(const Adjustment& adjustment, v1::Adjustment& out) {
  out.set_action_id(adjustment.action_id);
  out.set_ex_date(FormatDate(adjustment.ex_date));
  if (const auto* const split = std::get_if<Split>(&adjustment.terms)) {
    out.set_kind(v1::Adjustment::KIND_SPLIT);
    rpc::Encode(split->numerator, out.mutable_numerator());
    rpc::Encode(split->denominator, out.mutable_denominator());
  } else {
    out.set_kind(v1::Adjustment::KIND_DIVIDEND);
    rpc::Encode(std::get<Dividend>(adjustment.terms).amount, out.mutable_amount_per_share());
  }
  rpc::Encode(adjustment.before.quantity, out.mutable_quantity_before());
  rpc::Encode(adjustment.after.quantity, out.mutable_quantity_after());
  rpc::Encode(adjustment.before.entry_price, out.mutable_entry_price_before());
  rpc::Encode(adjustment.after.entry_price, out.mutable_entry_price_after());
  const Position& before = adjustment.before;
  const Position& after = adjustment.after;
  if (before.stop_loss) rpc::Encode(*before.stop_loss, out.mutable_stop_loss_before());
  if (after.stop_loss) rpc::Encode(*after.stop_loss, out.mutable_stop_loss_after());
  if (before.target_price) rpc::Encode(*before.target_price, out.mutable_target_price_before());
  if (after.target_price) rpc::Encode(*after.target_price, out.mutable_target_price_after());
  rpc::Encode(adjustment.amount, out.mutable_amount());
  out.set_late(adjustment.late);
  out.set_after_close(adjustment.after_close);
  rpc::Encode(adjustment.applied_at, out.mutable_applied_at());
  out.set_source(adjustment.source);
  out.set_revision(adjustment.revision);
}

}  // namespace papertape::trade_engine

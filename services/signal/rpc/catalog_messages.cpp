#include "services/signal/rpc/catalog_messages.h"

#include "libs/status/status.h"

namespace papertape::signal {

absl::StatusOr<SignalQuery> Decode(const v1::ListSignalsRequest& request, const rpc::Page& page) {
  SignalQuery query{.symbol = request.symbol(), .offset = page.offset, .size = page.size};
  if (request.action().empty()) return query;
  query.action = ParseAction(request.action());
  if (!query.action) return InvalidField("action", "must be BUY, SELL or HOLD");
  return query;
}

FormulaQuery Decode(const v1::ListFormulasRequest& request, std::int64_t reader_id, const rpc::Page& page) {
  return {.reader_id = reader_id,
          .category = request.category(),
          .search = request.search(),
          .offset = page.offset,
          .size = page.size};
}

void Encode(const Signal& signal, v1::Signal& out) {
  out.set_id(signal.id);
  out.set_symbol(signal.symbol);
  out.set_action(std::string(ActionWord(signal.action)));
  out.set_confidence(signal.confidence);
  rpc::Encode(signal.entry_price, out.mutable_entry_price());
  if (signal.target_price) rpc::Encode(*signal.target_price, out.mutable_target_price());
  if (signal.stop_loss) rpc::Encode(*signal.stop_loss, out.mutable_stop_loss());
  out.set_source(signal.source);
  rpc::Encode(signal.generated_at, out.mutable_generated_at());
}

void Encode(const Formula& formula, v1::Formula& out) {
  out.set_id(formula.id);
  out.set_name(formula.name);
  if (formula.description) out.set_description(*formula.description);
  if (formula.category) out.set_category(*formula.category);
  for (const std::string& tag : formula.tags) out.add_tags(tag);
  out.set_is_public(formula.is_public);
  out.set_author_id(formula.author_id);
  rpc::Encode(formula.created_at, out.mutable_created_at());
}

}  // namespace papertape::signal

#include "services/trade_engine/rpc/setup_messages.h"

#include "libs/rpc/proto_types.h"
#include "libs/status/status.h"
#include "services/trade_engine/rpc/written_text.h"

namespace papertape::trade_engine {
namespace {

constexpr std::size_t kNameLength = 100;
constexpr std::size_t kTimeframeLength = 50;

// Both requests have the same fields.
template <class Request>
absl::StatusOr<SetupText> DecodeText(const Request& request) {
  Violations violations;
  const bool named = request.name().find_first_not_of(' ') != std::string::npos;
  if (violations.Check(named, "name", "must be set")) CheckLine(request.name(), kNameLength, "name", violations);
  CheckText(request.notes(), kLongText, "notes", violations);
  CheckText(request.description(), kLongText, "description", violations);
  CheckText(request.rules(), kLongText, "rules", violations);
  CheckLine(request.timeframe(), kTimeframeLength, "timeframe", violations);
  SetupText text{.name = request.name(),
                 .notes = request.notes(),
                 .description = request.description(),
                 .rules = request.rules(),
                 .timeframe = request.timeframe(),
                 .tags = DecodeTags(request.tags(), violations)};
  PT_RETURN_IF_ERROR(violations.ToStatus());
  return text;
}

}  // namespace

absl::StatusOr<SetupText> Decode(const v1::CreateSetupRequest& request) { return DecodeText(request); }

absl::StatusOr<SetupText> Decode(const v1::UpdateSetupRequest& request) { return DecodeText(request); }

void Decode(const v1::Setup& kept, Setup& out) {
  out = {.setup_id = kept.id(),
         .user_id = kept.user_id(),
         .text = {.name = kept.name(),
                  .notes = kept.notes(),
                  .description = kept.description(),
                  .rules = kept.rules(),
                  .timeframe = kept.timeframe(),
                  .tags = {kept.tags().begin(), kept.tags().end()}},
         .created_at = rpc::Decode(kept.created_at()),
         .updated_at = rpc::Decode(kept.updated_at())};
  if (kept.has_deleted_at()) out.deleted_at = rpc::Decode(kept.deleted_at());
}

void Encode(const Setup& setup, v1::Setup& out) {
  const SetupText& text = setup.text;
  out.set_mongo_id(setup.setup_id);
  out.set_id(setup.setup_id);
  out.set_user_id(setup.user_id);
  out.set_name(text.name);
  if (!text.notes.empty()) out.set_notes(text.notes);
  if (!text.description.empty()) out.set_description(text.description);
  if (!text.rules.empty()) out.set_rules(text.rules);
  if (!text.timeframe.empty()) out.set_timeframe(text.timeframe);
  EncodeTags(text.tags, *out.mutable_tags());
  rpc::Encode(setup.created_at, out.mutable_created_at());
  rpc::Encode(setup.updated_at, out.mutable_updated_at());
  if (setup.deleted_at) rpc::Encode(*setup.deleted_at, out.mutable_deleted_at());
}

}  // namespace papertape::trade_engine

#include "services/notification/clients/journal_alerts.h"

#include "libs/json/json_writer.h"
#include "libs/rpc/proto_types.h"
#include "libs/status/status.h"
#include "papertape/trade_engine/v1/journal_event.pb.h"
#include "services/notification/domain/wording.h"

namespace papertape::notification {

absl::StatusOr<std::optional<Draft>> TellJournalAlert(const events::Event& event) {
  using trade_engine::v1::JournalAlert;
  if (event.type != JournalAlert::descriptor()->full_name()) return std::optional<Draft>();
  JournalAlert message;
  const bool parsed = message.ParseFromString(event.payload);
  if (!parsed || !message.has_trade() || message.level() == JournalAlert::LEVEL_UNSPECIFIED) {
    return Error(Reason::kINVALID_ARGUMENT, "The event's payload is not a JournalAlert.");
  }
  JournalNews news{.user_id = event.user_id,
                   .trade_id = message.trade().id(),
                   .symbol = message.trade().ticker(),
                   .is_stop = message.level() == JournalAlert::LEVEL_STOP_LOSS,
                   .price = rpc::Decode<Price>(message.price()),
                   .data = json::ToJson(message)};
  if (message.session() != 0) news.replayed = event.time;
  return std::optional<Draft>(Compose(news));
}

}  // namespace papertape::notification

#include "services/notification/store/feed_projection.h"

#include "libs/status/status.h"
#include "services/notification/store/pg_feed_store.h"

namespace papertape::notification {

absl::Status FeedProjection::Apply(pg::Transaction& transaction, const events::Event& event) const {
  PT_ASSIGN_OR_RETURN(const std::optional<Draft> draft, read_(event));
  if (!draft) return absl::OkStatus();
  const Entry entry = AppendEntry(transaction, *draft);
  events::AppendToOutbox(transaction, {{.id = event.id,
                                        .type = "papertape.notification.v1.FeedEntry",
                                        .user_id = entry.user_id,
                                        .time = entry.created_at,
                                        .request_id = event.request_id,
                                        .payload = write_(entry, draft->alert)}});
  return absl::OkStatus();
}

}  // namespace papertape::notification

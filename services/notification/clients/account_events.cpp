#include "services/notification/clients/account_events.h"

#include "libs/json/json_writer.h"
#include "libs/status/status.h"
#include "papertape/auth/v1/auth_event.pb.h"
#include "services/notification/domain/wording.h"

namespace papertape::notification {

absl::StatusOr<std::optional<AccountNews>> ReadAccountEvent(const events::Event& event) {
  using auth::v1::AuthEvent;
  if (event.type != AuthEvent::descriptor()->full_name()) return std::optional<AccountNews>();
  AuthEvent message;
  if (!message.ParseFromString(event.payload)) {
    return Error(Reason::kINVALID_ARGUMENT, "The event's payload is not an AuthEvent.");
  }
  AccountNews news{.user_id = event.user_id};
  switch (message.event_case()) {
    case AuthEvent::kKycSubmitted:
      news.kind = AccountNewsKind::kKycSubmitted;
      news.data = json::ToJson(message.kyc_submitted());
      return std::optional<AccountNews>(std::move(news));
    case AuthEvent::kKycReviewed:
      news.kind =
          message.kyc_reviewed().status() == "approved" ? AccountNewsKind::kKycApproved : AccountNewsKind::kKycRejected;
      news.reason = message.kyc_reviewed().reason();
      news.data = json::ToJson(message.kyc_reviewed());
      return std::optional<AccountNews>(std::move(news));
    default:
      return std::optional<AccountNews>();
  }
}

absl::StatusOr<std::optional<Draft>> TellAccountEvent(const events::Event& event) {
  PT_ASSIGN_OR_RETURN(const std::optional<AccountNews> news, ReadAccountEvent(event));
  if (!news) return std::optional<Draft>();
  return std::optional<Draft>(Compose(*news));
}

}  // namespace papertape::notification

#include "services/notification/domain/mail_room.h"

#include "libs/status/status.h"

namespace papertape::notification {

absl::Status MailRoom::Accept(Mail mail) {
  PT_RETURN_IF_ERROR(Check(mail));
  const Timestamp now = clock_.Now();
  if (mail.expires_at == Timestamp()) mail.expires_at = now + kUsualLife;
  PT_ASSIGN_OR_RETURN(const bool is_new, queue_.Add(mail, now));
  if (!is_new) return absl::OkStatus();
  tally_.Count(MailTally::Fate::kQueued);
  wake_();
  return absl::OkStatus();
}

}  // namespace papertape::notification

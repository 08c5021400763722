#include "services/notification/domain/mail_sender.h"

#include <algorithm>

#include "libs/status/status.h"

namespace papertape::notification {
namespace {

constexpr std::chrono::seconds kFirstRest{5};
constexpr std::chrono::seconds kLongestRest{900};
constexpr int kDoublings = 8;  // reach the longest

}  // namespace

std::chrono::seconds RestAfter(int attempts) {
  return std::min(kFirstRest * (1 << std::clamp(attempts - 1, 0, kDoublings)), kLongestRest);
}

absl::StatusOr<bool> MailSender::SendOne() {
  const Timestamp now = clock_.Now();
  PT_ASSIGN_OR_RETURN(const std::optional<DueMail> due, queue_.TakeDue(now, now + kLease));
  if (!due) return false;
  if (now >= due->expires_at) {
    PT_RETURN_IF_ERROR(GiveUp(*due, "expired"));
  } else if (!due->mail.ok()) {
    PT_RETURN_IF_ERROR(GiveUp(*due, "cannot be read any more: PAPERTAPE_DATA_KEY is another"));
  } else {
    PT_RETURN_IF_ERROR(Settle(*due, transport_.Deliver(*due->mail, due->created_at)));
  }
  return true;
}

absl::Status MailSender::GiveUp(const DueMail& due, std::string_view why) {
  PT_RETURN_IF_ERROR(queue_.MarkFailed(due.id, clock_.Now(), why));
  tally_.Count(MailTally::Fate::kFailed);
  return absl::OkStatus();
}

absl::Status MailSender::Settle(const DueMail& due, const DeliveryReport& report) {
  const Timestamp now = clock_.Now();
  switch (report.outcome) {
    case Delivery::kDone:
      PT_RETURN_IF_ERROR(queue_.MarkSent(due.id, now));
      tally_.Count(MailTally::Fate::kSent);
      return absl::OkStatus();
    case Delivery::kRefused:
      return GiveUp(due, report.why);
    case Delivery::kFailed:
      break;
  }
  const Timestamp next = now + RestAfter(due.attempts);
  if (next >= due.expires_at) return GiveUp(due, report.why);
  PT_RETURN_IF_ERROR(queue_.TryAgain(due.id, next, report.why));
  tally_.Count(MailTally::Fate::kDelayed);
  return absl::OkStatus();
}

}  // namespace papertape::notification

// Takes mails that are due out of the queue and delivers them, one at a time. A mail is sent at least once: one that
// was delivered, but whose end could not be noted, is delivered again after its lease, under the same Message-ID.
#pragma once

#include <chrono>

#include "absl/status/statusor.h"
#include "libs/clock/clock.h"
#include "services/notification/domain/mail.h"

namespace papertape::notification {

// How long a mail rests after its n-th failed attempt: 5 s, twice as long each time, a quarter of an hour at most.
std::chrono::seconds RestAfter(int attempts);

class MailSender {
 public:
  static constexpr std::chrono::seconds kLease{120};  // longer than any delivery takes
  static constexpr std::chrono::hours kRemembered{24 * 7};

  MailSender(MailQueue& queue, MailTransport& transport, MailTally& tally, const Clock& clock)
      : queue_(queue), transport_(transport), tally_(tally), clock_(clock) {}

  // Delivers one mail if one is due. True when there was one. An error is the queue's.
  absl::StatusOr<bool> SendOne();
  // Forgets mails that were done with long ago.
  absl::Status EraseOld() { return queue_.Erase(clock_.Now() - kRemembered); }

 private:
  absl::Status GiveUp(const DueMail& due, std::string_view why);
  absl::Status Settle(const DueMail& due, const DeliveryReport& report);

  MailQueue& queue_;
  MailTransport& transport_;
  MailTally& tally_;
  const Clock& clock_;
};

}  // namespace papertape::notification

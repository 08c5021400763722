// Takes in mails for the queue. Thread-safe if its ports are.
#pragma once

#include <functional>

#include "absl/status/status.h"
#include "libs/clock/clock.h"
#include "services/notification/domain/mail.h"

namespace papertape::notification {

class MailRoom {
 public:
  static constexpr std::chrono::hours kUsualLife{24};

  // `wake` tells the sender that there is work.
  MailRoom(MailQueue& queue, MailTally& tally, const Clock& clock, std::function<void()> wake)
      : queue_(queue), tally_(tally), clock_(clock), wake_(std::move(wake)) {}

  // INVALID_ARGUMENT (all fields at once). A mail whose id is known is not kept again. Without a time to expire at it
  // lives for a day.
  absl::Status Accept(Mail mail);

 private:
  MailQueue& queue_;
  MailTally& tally_;
  const Clock& clock_;
  const std::function<void()> wake_;
};

}  // namespace papertape::notification

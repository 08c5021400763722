// A mail, the queue it waits in, and the way it leaves. Pure, but for the ports, which are thread-safe.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "libs/clock/clock.h"

namespace papertape::notification {

struct Mail {
  std::string id;  // the asking service's: letters, digits, `.`, `_`, `-`
  std::string to;
  std::string subject;  // one line of UTF-8
  std::string text;     // UTF-8, lines ended by LF
  Timestamp expires_at;
};

// OK for a mail that can be sent; otherwise INVALID_ARGUMENT that names every wrong field. No line of such a mail can
// become a header of its own: neither address, subject nor id may hold a control character.
absl::Status Check(const Mail& mail);
// Whether a mail can be sent to or from `address`, as an SMTP envelope and a header write it.
bool IsMailAddress(std::string_view address);

// A mail that is due, and taken: nobody else gets it before its lease is over.
struct DueMail {
  std::string id;
  int attempts = 0;  // this one included
  Timestamp created_at;
  Timestamp expires_at;
  absl::StatusOr<Mail> mail;  // an error when what is kept cannot be read any more
};

class MailQueue {
 public:
  virtual ~MailQueue() = default;
  // True when the mail is new, false when its id is known already.
  virtual absl::StatusOr<bool> Add(const Mail& mail, Timestamp now) = 0;
  // The mail that has waited longest among those that are due; leased until `lease_end`.
  virtual absl::StatusOr<std::optional<DueMail>> TakeDue(Timestamp now, Timestamp lease_end) = 0;
  // Ends of an attempt. The first two erase the mail and keep what happened to it.
  virtual absl::Status MarkSent(std::string_view id, Timestamp now) = 0;
  virtual absl::Status MarkFailed(std::string_view id, Timestamp now, std::string_view why) = 0;
  virtual absl::Status TryAgain(std::string_view id, Timestamp at, std::string_view why) = 0;
  // Forgets mails, and their ids, that were sent or failed before `time`.
  virtual absl::Status Erase(Timestamp time) = 0;
};

enum class Delivery {
  kDone,
  kRefused,  // for good
  kFailed,   // for now
};
struct DeliveryReport {
  Delivery outcome = Delivery::kFailed;
  std::string why;  // neither address nor text
};

class MailTransport {
 public:
  virtual ~MailTransport() = default;
  // Blocks, with a deadline of its own. `created_at` is the date that the mail bears.
  virtual DeliveryReport Deliver(const Mail& mail, Timestamp created_at) = 0;
};

// Counts what becomes of mails.
class MailTally {
 public:
  enum class Fate { kQueued, kSent, kDelayed, kFailed };
  virtual ~MailTally() = default;
  virtual void Count(Fate fate) = 0;
};

}  // namespace papertape::notification

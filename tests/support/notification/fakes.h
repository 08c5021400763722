// In place of notification's mail queue and mail server, in memory. Thread-safe, as the ports ask.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "services/notification/domain/mail.h"

namespace papertape::notification {

// Keeps what PgMailQueue keeps.
class FakeMailQueue final : public MailQueue {
 public:
  struct Entry {
    Mail mail;
    std::string state = "queued";
    int attempts = 0;
    Timestamp created_at;
    Timestamp next_try_at;
    Timestamp done_at;
    std::string why;
  };

  absl::StatusOr<bool> Add(const Mail& mail, Timestamp now) override;
  absl::StatusOr<std::optional<DueMail>> TakeDue(Timestamp now, Timestamp lease_end) override;
  absl::Status MarkSent(std::string_view id, Timestamp now) override;
  absl::Status MarkFailed(std::string_view id, Timestamp now, std::string_view why) override;
  absl::Status TryAgain(std::string_view id, Timestamp at, std::string_view why) override;
  absl::Status Erase(Timestamp time) override;

  Entry At(const std::string& id);

 private:
  std::mutex mutex_;
  std::map<std::string, Entry, std::less<>> mails_;
};

// Answers the next report that it was told, and after the last one kDone.
class FakeTransport final : public MailTransport {
 public:
  DeliveryReport Deliver(const Mail& mail, Timestamp created_at) override;

  std::vector<DeliveryReport> reports;
  std::vector<Mail> delivered;  // attempts, whatever came of them
};

class FakeTally final : public MailTally {
 public:
  void Count(Fate fate) override { ++counts[fate]; }
  std::map<Fate, int> counts;
};

}  // namespace papertape::notification

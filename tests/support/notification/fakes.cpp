#include "tests/support/notification/fakes.h"

#include <algorithm>

namespace papertape::notification {

absl::StatusOr<bool> FakeMailQueue::Add(const Mail& mail, Timestamp now) {
  const std::lock_guard lock(mutex_);
  return mails_.try_emplace(mail.id, Entry{.mail = mail, .created_at = now, .next_try_at = now}).second;
}

absl::StatusOr<std::optional<DueMail>> FakeMailQueue::TakeDue(Timestamp now, Timestamp lease_end) {
  const std::lock_guard lock(mutex_);
  Entry* longest = nullptr;
  for (auto& [id, entry] : mails_) {
    const bool is_due = entry.state == "queued" && entry.next_try_at <= now;
    if (is_due && (longest == nullptr || entry.next_try_at < longest->next_try_at)) longest = &entry;
  }
  if (longest == nullptr) return std::optional<DueMail>();
  longest->next_try_at = lease_end;
  return std::optional(DueMail{.id = longest->mail.id,
                               .attempts = ++longest->attempts,
                               .created_at = longest->created_at,
                               .expires_at = longest->mail.expires_at,
                               .mail = longest->mail});
}

absl::Status FakeMailQueue::MarkSent(std::string_view id, Timestamp now) {
  const std::lock_guard lock(mutex_);
  Entry& entry = mails_.find(id)->second;
  entry.state = "sent";
  entry.done_at = now;
  return absl::OkStatus();
}

absl::Status FakeMailQueue::MarkFailed(std::string_view id, Timestamp now, std::string_view why) {
  const std::lock_guard lock(mutex_);
  Entry& entry = mails_.find(id)->second;
  entry.state = "failed";
  entry.done_at = now;
  entry.why = why;
  return absl::OkStatus();
}

absl::Status FakeMailQueue::TryAgain(std::string_view id, Timestamp at, std::string_view why) {
  const std::lock_guard lock(mutex_);
  Entry& entry = mails_.find(id)->second;
  entry.next_try_at = at;
  entry.why = why;
  return absl::OkStatus();
}

absl::Status FakeMailQueue::Erase(Timestamp time) {
  const std::lock_guard lock(mutex_);
  std::erase_if(mails_,
                [time](const auto& item) { return item.second.state != "queued" && item.second.done_at < time; });
  return absl::OkStatus();
}

FakeMailQueue::Entry FakeMailQueue::At(const std::string& id) {
  const std::lock_guard lock(mutex_);
  const auto found = mails_.find(id);
  return found == mails_.end() ? Entry{.state = "unknown"} : found->second;
}

DeliveryReport FakeTransport::Deliver(const Mail& mail, Timestamp) {
  delivered.push_back(mail);
  if (reports.empty()) return {.outcome = Delivery::kDone};
  const DeliveryReport report = reports.front();
  reports.erase(reports.begin());
  return report;
}

}  // namespace papertape::notification

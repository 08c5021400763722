#include "services/auth/domain/lockout.h"

#include <algorithm>

#include "libs/status/status.h"
#include "services/auth/domain/client_network.h"

namespace papertape::auth {
namespace {

constexpr int kDoublings = 30;  // more would overflow, and any delay is at its longest by then
constexpr std::chrono::hours kRemembered{24 * 7};

int FailuresNow(const FailureRecord& record, Timestamp now, const LockoutRule& rule) {
  const auto forgiven = std::max<std::int64_t>(0, (now - record.last_at) / rule.forgives_every);
  return static_cast<int>(std::max<std::int64_t>(0, record.failures - forgiven));
}

absl::Status Count(FailureRecord& record, Timestamp now, const LockoutRule& rule) {
  if (now < record.next_at) {
    const auto wait = std::chrono::ceil<std::chrono::milliseconds>(record.next_at - now);
    return WithRetryAfter(Error(Reason::kTOO_MANY_ATTEMPTS), wait.count());
  }
  record.failures = FailuresNow(record, now, rule) + 1;
  record.next_at = now + DelayAfter(record.failures, rule);
  record.last_at = now;
  return absl::OkStatus();
}

void Uncount(FailureRecord& record, Timestamp now) {
  record.failures = std::max(0, record.failures - 1);
  record.next_at = std::min(record.next_at, now);
}

}  // namespace

std::chrono::seconds DelayAfter(int failures, const LockoutRule& rule) {
  if (rule.threshold == 0 || failures < rule.threshold) return std::chrono::seconds(0);
  const std::chrono::seconds delay(std::int64_t{1} << std::min(failures - rule.threshold, kDoublings));
  return std::min(delay, rule.longest);
}

absl::StatusOr<bool> Lockout::Guard(const Account& account, const Origin& from,
                                    const std::function<absl::StatusOr<bool>()>& check) {
  PT_ASSIGN_OR_RETURN(const Attempt attempt, Admit(account.name, from.client_address));
  const absl::StatusOr<bool> is_right = check();
  if (!is_right.ok()) {
    TakeBack(attempt).IgnoreError();  // the failure of the check is the answer
    return is_right;
  }
  if (*is_right) {
    PT_RETURN_IF_ERROR(Succeeded(attempt));
  } else if (attempt.locks) {
    PT_RETURN_IF_ERROR(ports_.audit.Record({.by = from, .action = deed::kLockedOut, .subject_id = account.user_id}));
  }
  return is_right;
}

absl::StatusOr<Lockout::Attempt> Lockout::Admit(std::string_view account, std::string_view client_address) {
  Attempt attempt{.subjects = {ports_.hash.Of("lock-out account", account)}};
  if (!client_address.empty())
    attempt.subjects.push_back(ports_.hash.Of("lock-out address", ClientNetwork(client_address)));
  const Timestamp now = ports_.clock.Now();
  const auto count_all = [&](std::vector<FailureRecord>& records) -> absl::Status {
    for (std::size_t i = 0; i < records.size(); ++i) PT_RETURN_IF_ERROR(Count(records[i], now, RuleOf(i)));
    attempt.locks = records.front().next_at > now;
    return absl::OkStatus();
  };
  PT_RETURN_IF_ERROR(ports_.failures.Change(attempt.subjects, count_all));
  return attempt;
}

absl::Status Lockout::Succeeded(const Attempt& attempt) {
  const Timestamp now = ports_.clock.Now();
  return ports_.failures.Change(attempt.subjects, [&](std::vector<FailureRecord>& records) {
    records.front() = {.last_at = now};
    for (std::size_t i = 1; i < records.size(); ++i) Uncount(records[i], now);
    return absl::OkStatus();
  });
}

absl::Status Lockout::TakeBack(const Attempt& attempt) {
  const Timestamp now = ports_.clock.Now();
  return ports_.failures.Change(attempt.subjects, [&](std::vector<FailureRecord>& records) {
    for (FailureRecord& record : records) Uncount(record, now);
    return absl::OkStatus();
  });
}

absl::Status Lockout::EraseOld() { return ports_.failures.Erase(ports_.clock.Now() - kRemembered); }

}  // namespace papertape::auth

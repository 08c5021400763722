// Growing delay after failed sign-ins, by account and by client address. An attempt is counted before its password or
// code is checked and taken back when it was right, so that a storm of attempts at once has no more of them checked
// than one after the other would. Accounts are counted whether or not they exist. Thread-safe if its ports are.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "libs/clock/clock.h"
#include "services/auth/domain/audit.h"
#include "services/auth/domain/secret_hash.h"

namespace papertape::auth {

// From the `threshold`-th failure on the next attempt waits: one second, and twice as long after each further failure.
struct LockoutRule {
  int threshold = 5;                           // 0: never locked
  std::chrono::seconds longest{900};           // delay
  std::chrono::seconds forgives_every{3'600};  // one failure is forgiven after each such time without an attempt
};
std::chrono::seconds DelayAfter(int failures, const LockoutRule& rule);

// What is kept of one account or address. The default is one that never failed.
struct FailureRecord {
  int failures = 0;
  Timestamp next_at;  // no attempt before
  Timestamp last_at;  // attempt
};

class FailureStore {
 public:
  virtual ~FailureStore() = default;
  // Hands the subjects' records, in their order, to `change` while nobody else can touch them, and keeps what `change`
  // leaves when it answers OK. Like CodeStore's, `change` may run again.
  virtual absl::Status Change(const std::vector<std::string>& subjects,
                              const std::function<absl::Status(std::vector<FailureRecord>&)>& change) = 0;
  // Forgets records without an attempt since `time`.
  virtual absl::Status Erase(Timestamp time) = 0;
};

class Lockout {
 public:
  struct Rules {
    LockoutRule account;
    LockoutRule address{.threshold = 20, .forgives_every = std::chrono::seconds(60)};
  };
  struct Ports {
    FailureStore& failures;
    SecretHash& hash;
    AuditLog& audit;
    const Clock& clock;
  };
  Lockout(Ports ports, Rules rules) : ports_(ports), rules_(rules) {}

  // Whose account is tried.
  struct Account {
    std::string name;          // what names it, in lower case: the address where there is a user
    std::int64_t user_id = 0;  // 0: there is none
  };
  // Answers what `check` answers: true for the right password or code, which clears the account; false for a wrong one;
  // an error when nobody can tell, which counts for nothing. TOO_MANY_ATTEMPTS, saying when to come back, without a
  // check.
  absl::StatusOr<bool> Guard(const Account& account, const Origin& from,
                             const std::function<absl::StatusOr<bool>()>& check);

  // The parts of Guard. An attempt that was let through is counted as failed.
  struct Attempt {
    std::vector<std::string> subjects;  // the account first
    bool locks = false;                 // the account waits from now on, unless this was right
  };
  // An empty address is not counted.
  absl::StatusOr<Attempt> Admit(std::string_view account, std::string_view client_address);
  // The attempt was right: the account's failures are forgotten, the address has one fewer.
  absl::Status Succeeded(const Attempt& attempt);
  // Nobody could tell whether it was right.
  absl::Status TakeBack(const Attempt& attempt);

  absl::Status EraseOld();

 private:
  const LockoutRule& RuleOf(std::size_t index) const { return index == 0 ? rules_.account : rules_.address; }

  const Ports ports_;
  const Rules rules_;
};

}  // namespace papertape::auth

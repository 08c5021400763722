// One-time codes by mail: six digits that prove that somebody reads the mail of an address. One code stands for an
// address at a time; it serves for signing in and for a new password alike, for whoever reads the mail may do both.
// Whether a user has the address changes no answer and no statement that runs, only what the mail says. Thread-safe if
// its ports are.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "libs/clock/clock.h"
#include "libs/ids/ids.h"
#include "services/auth/domain/letters.h"
#include "services/auth/domain/ports.h"
#include "services/auth/domain/secret_hash.h"

namespace papertape::auth {

struct CodeRules {
  std::chrono::minutes life{10};
  int tries = 5;                      // wrong codes that one code survives, and the right one among them
  std::chrono::seconds interval{60};  // between two codes for one address
  int a_day = 10;                     // codes for one address on one day of UTC
  bool sign_up = true;                // the right code for an address that nobody has makes a user
};

// What is kept of one address. The default is an address that never had a code.
struct CodeRecord {
  std::string digest;  // of the code that stands; empty: none does
  int tries = 0;       // made at that code
  Timestamp expires_at;
  Timestamp sent_at;  // the newest code
  int sent = 0;       // codes on the UTC day of `sent_at`
};

class CodeStore {
 public:
  virtual ~CodeStore() = default;
  // Hands the subject's record to `change` while nobody else can touch it, and keeps what `change` leaves when it
  // answers OK. `change` may run again when the database asks for it: it has no other effect than on the record and on
  // variables that it sets anew.
  virtual absl::Status Change(std::string_view subject, const std::function<absl::Status(CodeRecord&)>& change) = 0;
  // Forgets records whose newest code was sent before `time`.
  virtual absl::Status Erase(Timestamp time) = 0;
};

// Six digits, each of the million equally likely.
std::string SixDigits(const RandomBits& random);

class OneTimeCodes {
 public:
  struct Ports {
    CodeStore& codes;
    UserStore& users;
    Mailer& mail;
    SecretHash& hash;
    RandomBits random;  // thread-safe, fit for secrets
    const Clock& clock;
  };
  OneTimeCodes(Ports ports, CodeRules rules) : ports_(std::move(ports)), rules_(rules) {}

  // Mails a new code, which voids the one before, and answers its life. INVALID_ARGUMENT for what is no address;
  // OTP_THROTTLED, saying when to come back; UNAVAILABLE when no mail can be sent: then nothing has changed.
  absl::StatusOr<std::chrono::seconds> Send(std::string_view email);

  // OK once for the code that stands. INVALID_OTP for any other, and for every code after too many tries: a refusal
  // does not tell why.
  absl::Status Redeem(std::string_view email, std::string_view code);

  // Forgets what no rule needs any more.
  absl::Status EraseOld();

  [[nodiscard]] const CodeRules& rules() const { return rules_; }

 private:
  absl::Status Admit(const CodeRecord& record, Timestamp now) const;
  absl::StatusOr<CodeRecord> Replace(const std::string& subject, const std::string& digest, Timestamp now);

  Ports ports_;
  const CodeRules rules_;
};

}  // namespace papertape::auth

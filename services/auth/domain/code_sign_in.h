// What a one-time code opens: a session, and a new password. Both prove the address. Thread-safe if its ports are.
#pragma once

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "libs/clock/clock.h"
#include "libs/ids/ids.h"
#include "services/auth/domain/accounts.h"
#include "services/auth/domain/letters.h"
#include "services/auth/domain/lockout.h"
#include "services/auth/domain/one_time_codes.h"
#include "services/auth/domain/ports.h"
#include "services/auth/domain/sessions.h"

namespace papertape::auth {

struct CodeLogin {
  std::string identifier;  // e-mail address or username
  std::string code;
};

struct PasswordReset {
  std::string email;
  std::string code;
  std::string new_password;
};

class CodeSignIn {
 public:
  struct Ports {
    Accounts& accounts;
    UserStore& users;
    OneTimeCodes& codes;
    Lockout& lockout;
    PasswordHasher& passwords;
    Sessions& sessions;
    AuditLog& audit;
    Mailer& mail;
    RandomBits random;  // thread-safe
    const Clock& clock;
    PasswordRules rules = PasswordRules();
  };
  explicit CodeSignIn(Ports ports) : ports_(std::move(ports)) {}

  // TOO_MANY_ATTEMPTS, INVALID_OTP, ACCOUNT_DISABLED. The right code for an address that nobody has makes a user
  // without a password, where that is allowed.
  absl::StatusOr<Session> Login(const CodeLogin& login, const Origin& from);

  // Sets the password, ends every session of the user and writes to them. INVALID_ARGUMENT, TOO_MANY_ATTEMPTS,
  // INVALID_OTP, ACCOUNT_DISABLED, USER_NOT_FOUND only to whoever reads the address's mail.
  absl::Status ResetPassword(const PasswordReset& reset, const Origin& from);

 private:
  // OK when the code is right for the address; `stored` is who has it.
  absl::Status Prove(const std::string& email, const std::string& code, const std::optional<StoredUser>& stored,
                     const Origin& from);
  absl::Status Verify(User& user, const Origin& from);

  const Ports ports_;
};

}  // namespace papertape::auth

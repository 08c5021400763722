// What auth writes to its users, and the port that it is handed to. Composing is pure.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "libs/clock/clock.h"
#include "services/auth/domain/user.h"

namespace papertape::auth {

struct Letter {
  std::string id;  // one letter, however often it is handed over
  std::string to;
  std::string subject;
  std::string text;
  Timestamp expires_at;  // of no use afterwards
};

// Thread-safe.
class Mailer {
 public:
  virtual ~Mailer() = default;
  // OK once the letter is kept and will be sent; UNAVAILABLE when it cannot be kept.
  virtual absl::Status Send(const Letter& letter) = 0;
};

// The code for an address; `user` is null when nobody has it. Whoever has not confirmed the address yet is told since
// when it is registered: somebody else may have done that.
Letter CodeLetter(std::string_view code, std::chrono::minutes life, const StoredUser* user);
// For an address that nobody has, where nobody can sign up by mail.
Letter NoAccountLetter();
Letter PasswordChangedLetter(Timestamp when);

}  // namespace papertape::auth

// Who may come in: registers users, signs them in, and says who they are. Thread-safe if its ports are.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "libs/ids/ids.h"
#include "libs/status/status.h"
#include "services/auth/domain/ports.h"
#include "services/auth/domain/registration.h"
#include "services/auth/domain/user.h"

namespace papertape::auth {

struct SignIn {
  std::string identifier;  // e-mail address or username
  std::string password;
};

struct Session {
  User user;
  AccessToken token;
};

class Accounts {
 public:
  struct Ports {
    UserStore& users;
    PasswordHasher& passwords;
    TokenIssuer& tokens;
    AuditLog& audit;
    RandomBits random;  // thread-safe
  };
  explicit Accounts(Ports ports) : ports_(std::move(ports)) {}

  // Reasons, in order: INVALID_ARGUMENT (all fields at once), IDEMPOTENCY_CONFLICT, EMAIL_TAKEN, USERNAME_TAKEN.
  // Without a username one is made, and made again while it is taken. A repetition answers the user that the first call
  // made.
  absl::StatusOr<User> Register(const Registration& registration, const Origin& from,
                                const Repeatable<User>& repeatable);

  // INVALID_CREDENTIALS, after the time that a password check takes, whether or not the user exists;
  // ACCOUNT_DISABLED only to whoever knows the password.
  absl::StatusOr<Session> Login(const SignIn& sign_in, const Origin& from);

  // USER_NOT_FOUND when there is no such user any more.
  absl::StatusOr<User> Find(std::int64_t user_id);

  // The user of a token that is good by itself; INVALID_TOKEN when they are gone or disabled.
  absl::StatusOr<User> Confirm(std::int64_t user_id);

 private:
  static constexpr int kUsernameTries = 8;

  // The user whom the credentials name; the refusal is recorded.
  absl::StatusOr<StoredUser> CheckCredentials(const SignIn& sign_in, const Origin& from);
  absl::Status Refuse(Reason reason, const std::optional<StoredUser>& stored, const Origin& from);
  void RenewHash(const StoredUser& stored, std::string_view password);

  Ports ports_;
};

}  // namespace papertape::auth

// Who may come in: registers users, signs them in, and says who they are. Thread-safe if its ports are.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "libs/ids/ids.h"
#include "libs/status/status.h"
#include "services/auth/domain/lockout.h"
#include "services/auth/domain/ports.h"
#include "services/auth/domain/registration.h"
#include "services/auth/domain/sessions.h"
#include "services/auth/domain/user.h"

namespace papertape::auth {

struct SignIn {
  std::string identifier;  // e-mail address or username
  std::string password;
};

// What the user changes of their account; what is absent stays, an empty name or telephone number goes.
struct ProfileChange {
  std::optional<std::string> name;
  std::optional<std::string> phone;
  std::optional<std::string> username;
};

struct PasswordRenewal {
  std::int64_t user_id = 0;
  std::string session_id;  // goes on
  std::string current_password;
  std::string new_password;
};

class Accounts {
 public:
  struct Ports {
    UserStore& users;
    PasswordHasher& passwords;
    Sessions& sessions;
    Lockout& lockout;
    AuditLog& audit;
    RandomBits random;  // thread-safe
    PasswordRules rules = PasswordRules();
  };
  explicit Accounts(Ports ports) : ports_(std::move(ports)) {}

  // Reasons, in order: INVALID_ARGUMENT (all fields at once), IDEMPOTENCY_CONFLICT, EMAIL_TAKEN, USERNAME_TAKEN.
  // Without a username one is made, and made again while it is taken. A repetition answers the user that the first call
  // made.
  absl::StatusOr<User> Register(const Registration& registration, const Origin& from,
                                const Repeatable<User>& repeatable);

  // A user whose address is confirmed and who has no password. EMAIL_TAKEN.
  absl::StatusOr<User> SignUp(const std::string& email, const Origin& from);

  // TOO_MANY_ATTEMPTS, without a password check; INVALID_CREDENTIALS, after the time that a password check takes,
  // whether or not the user exists; ACCOUNT_DISABLED only to whoever knows the password.
  absl::StatusOr<Session> Login(const SignIn& sign_in, const Origin& from);

  // Stores the new password and ends all other sessions of the user. USER_NOT_FOUND, PASSWORD_NOT_SET, INVALID_ARGUMENT
  // (all fields at once, also for a current password that is wrong), TOO_MANY_ATTEMPTS, CONFLICT when another change
  // came first.
  absl::Status ChangePassword(const PasswordRenewal& renewal, const Origin& from);

  // USER_NOT_FOUND, INVALID_ARGUMENT (all fields at once), USERNAME_TAKEN.
  absl::StatusOr<User> UpdateProfile(std::int64_t user_id, const ProfileChange& change);

  // Whom an e-mail address or a username names.
  absl::StatusOr<std::optional<StoredUser>> FindByName(const std::string& identifier);
  // USER_NOT_FOUND when there is no such user any more.
  absl::StatusOr<User> Find(std::int64_t user_id);

  // The user of a token that is good by itself; INVALID_TOKEN when they are gone or disabled.
  absl::StatusOr<User> Confirm(std::int64_t user_id);

 private:
  static constexpr int kUsernameTries = 8;

  // Stores the user, under a made username until one is free if `is_made`.
  absl::StatusOr<User> Insert(StoredUser stored, bool is_made, const Origin& from, const Repeatable<User>& repeatable);
  // False when the password is not the one of `stored`, which may be nobody's.
  absl::StatusOr<bool> CheckPassword(const std::string& identifier, const std::optional<StoredUser>& stored,
                                     const std::string& password, const Origin& from);
  // The user whom the credentials name; the refusal is recorded.
  absl::StatusOr<StoredUser> CheckCredentials(const SignIn& sign_in, const Origin& from);
  absl::Status Refuse(Reason reason, const std::optional<StoredUser>& stored, const Origin& from);
  void RenewHash(const StoredUser& stored, std::string_view password);

  Ports ports_;
};

}  // namespace papertape::auth

// A registered user, and what the service remembers beside what the user may see.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "libs/clock/clock.h"

namespace papertape::auth {

struct User {
  std::int64_t id = 0;   // positive
  std::string email;     // lower case
  std::string username;  // unique whatever its case
  std::optional<std::string> name;
  std::optional<std::string> phone;
  std::string role = "user";                 // user, author or admin
  bool is_active = true;                     // false: an administrator has disabled the account
  bool is_verified = false;                  // true: the e-mail address has been confirmed
  std::string kyc_status = "not_submitted";  // kyc_status.h
  Timestamp created_at;
};

// A user with the hash that proves their password, empty when they have none; the hash leaves the service nowhere.
struct StoredUser {
  User user;
  std::string password_hash;
};

}  // namespace papertape::auth

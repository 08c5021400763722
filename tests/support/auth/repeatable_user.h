// A request that answers a user and may be repeated; what is kept is the user's number, address and name.
#pragma once

#include <sstream>
#include <string>

#include "fmt/format.h"
#include "services/auth/domain/ports.h"

namespace papertape::auth {

inline Repeatable<User> Keyed(const std::string& key, const std::string& fingerprint) {
  return {.key = {.user_id = 0, .text = key, .fingerprint = fingerprint},
          .encode = [](const User& user) { return fmt::format("{} {} {}", user.id, user.email, user.username); },
          .decode =
              [](std::string_view bytes) {
                User user;
                std::istringstream text{std::string(bytes)};
                text >> user.id >> user.email >> user.username;
                return user;
              }};
}

}  // namespace papertape::auth

// Where a Redis is and how to enter it, read from its URL.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace papertape::redis {

struct Address {
  std::string host;  // empty: `path` is a unix socket
  int port = 6379;
  std::string path;
  std::string user, password;
  int database = 0;
};

// The error never repeats the URL: it may hold a password.
absl::StatusOr<Address> ParseAddress(std::string_view url);

}  // namespace papertape::redis

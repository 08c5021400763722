// What a connection of ours asks of PostgreSQL, put into the DSN that the operator gave.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace papertape::pg {

struct ConnectionTraits {
  std::string_view schema;                         // search_path and application_name
  std::chrono::milliseconds statement_timeout{0};  // 0: none
  std::chrono::milliseconds connect_timeout{5'000};
};

// `dsn` is a URI or a keyword string, as libpq reads them; what the traits say wins. UTC, ISO dates and UTF-8 are
// always asked for: the rest of this library reads nothing else.
absl::StatusOr<std::string> ConnectionString(std::string_view dsn, const ConnectionTraits& traits);

}  // namespace papertape::pg

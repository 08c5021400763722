// The one place where libpqxx's exceptions become statuses. Included by this library's .cpp files only.
#pragma once

#include <pqxx/pqxx>
#include <string_view>

#include "absl/status/status.h"

namespace papertape::pg {

// What a failure asks of the caller.
enum class Remedy {
  kNone,       // the status says it all
  kRetry,      // run the transaction again: serialization failure or deadlock
  kReconnect,  // the connection is of no more use
};

struct Failure {
  absl::Status status;
  Remedy remedy = Remedy::kNone;
};

// Logs what the operator must know and the client must not. `sql` is the statement's text where it is known; libpqxx
// itself names prepared statements only.
Failure FailureOf(const pqxx::pqxx_exception& exception, std::string_view sql = {});

// The payload under which a status carries the name of the constraint.
absl::Status WithConstraint(absl::Status status, std::string_view constraint);

}  // namespace papertape::pg

#include "libs/pg/pqxx_errors.h"

#include <string>
#include <string_view>

#include "libs/log/log.h"
#include "libs/pg/pool.h"
#include "libs/status/status.h"

namespace papertape::pg {
namespace {

constexpr const char* kConstraintUrl = "papertape/violated-constraint";

// The message's first line: the details after it quote values of rows.
std::string_view FirstLine(std::string_view text) { return text.substr(0, text.find('\n')); }

// From a verbose message: "CONSTRAINT NAME:  users_email_key".
std::string_view ConstraintIn(std::string_view message) {
  constexpr std::string_view kLabel = "\nCONSTRAINT NAME:";
  const std::size_t label = message.find(kLabel);
  if (label == std::string_view::npos) return {};
  std::string_view rest = FirstLine(message.substr(label + kLabel.size()));
  rest.remove_prefix(std::min(rest.size(), rest.find_first_not_of(' ')));
  return rest;
}

Failure Unavailable(std::string_view detail) {
  log::Warning("the database is not available", {{"error", FirstLine(detail)}});
  return {Error(Reason::kUNAVAILABLE), Remedy::kReconnect};
}

Failure Internal(std::string_view detail, std::string_view sqlstate, std::string_view sql) {
  log::Error("a database statement failed", {{"error", FirstLine(detail)}, {"sqlstate", sqlstate}, {"sql", sql}});
  return {Error(Reason::kINTERNAL)};
}

Failure OfConstraint(const pqxx::sql_error& error) {
  const bool unique = error.sqlstate() == "23505";
  const absl::Status status = unique ? absl::AlreadyExistsError("It is there already.")
                                     : absl::FailedPreconditionError("It contradicts what is stored.");
  return {WithConstraint(status, ConstraintIn(error.what()))};
}

// Classes and codes of PostgreSQL's appendix A.
Failure OfSqlState(const pqxx::sql_error& error, std::string_view sql) {
  const std::string_view state = error.sqlstate();
  if (state.starts_with("23")) return OfConstraint(error);
  if (state == "40001" || state == "40P01") return {Error(Reason::kCONFLICT), Remedy::kRetry};
  if (state == "57014") {
    log::Warning("a database statement took too long", {{"sql", sql}});
    return {Error(Reason::kDEADLINE_EXCEEDED)};
  }
  // Connection lost, too many connections, disk or memory full, shutting down or starting.
  if (state.starts_with("08") || state.starts_with("53") || state.starts_with("57P")) return Unavailable(error.what());
  if (state == "22003") return {Error(Reason::kAMOUNT_OUT_OF_RANGE)};
  if (state == "22021" || state == "22P05") {
    return {Error(Reason::kINVALID_ARGUMENT, "A text holds characters that cannot be stored.")};
  }
  return Internal(error.what(), state, sql);
}

}  // namespace

Failure FailureOf(const pqxx::pqxx_exception& exception, std::string_view sql) {
  const std::string_view what = exception.base().what();
  if (dynamic_cast<const pqxx::serialization_failure*>(&exception) != nullptr ||
      dynamic_cast<const pqxx::deadlock_detected*>(&exception) != nullptr) {
    return {Error(Reason::kCONFLICT), Remedy::kRetry};
  }
  if (dynamic_cast<const pqxx::broken_connection*>(&exception) != nullptr ||
      dynamic_cast<const pqxx::in_doubt_error*>(&exception) != nullptr ||
      dynamic_cast<const pqxx::statement_completion_unknown*>(&exception) != nullptr) {
    return Unavailable(what);
  }
  if (const auto* error = dynamic_cast<const pqxx::sql_error*>(&exception)) {
    return OfSqlState(*error, sql.empty() ? std::string_view(error->query()) : sql);
  }
  return Internal(what, {}, sql);
}

absl::Status WithConstraint(absl::Status status, std::string_view constraint) {
  if (!constraint.empty()) status.SetPayload(kConstraintUrl, absl::Cord(std::string(constraint)));
  return status;
}

std::string ViolatedConstraint(const absl::Status& status) {
  const auto payload = status.GetPayload(kConstraintUrl);
  return payload ? std::string(*payload) : std::string();
}

}  // namespace papertape::pg

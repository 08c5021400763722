// Errors are values: absl::Status with a reason of the registry, fields that are wrong, and figures that explain.
// A status made elsewhere (absl, a library) has no reason of its own; ReasonOf then answers the one its code stands
// for.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace papertape {

// One entry of reasons.def each.
enum class Reason : std::uint8_t {
#define REASON(name, code, http, text) k##name,
#include "libs/status/reasons.def"
#undef REASON
};

// What the registry says of a reason.
struct ReasonEntry {
  Reason reason;
  std::string_view name;  // the stable word, such as "INSUFFICIENT_MARGIN"
  absl::StatusCode code;  // the gRPC code has the same number
  int http_status;
  std::string_view text;  // the default sentence
};

const std::vector<ReasonEntry>& AllReasons();
const ReasonEntry& EntryOf(Reason reason);
// Null for a word that is not in the registry.
const ReasonEntry* FindReason(std::string_view name);

// One wrong field of a request. `field` is its path as the client wrote it; `message` says what is allowed.
struct FieldViolation {
  std::string field;
  std::string message;
  friend bool operator==(const FieldViolation&, const FieldViolation&) = default;
};

// Everything a status carries beyond code and message.
struct ErrorDetails {
  Reason reason = Reason::kINTERNAL;
  std::vector<FieldViolation> violations;
  std::map<std::string, std::string> metadata;
  std::int64_t retry_after_ms = 0;  // 0: nothing said
  friend bool operator==(const ErrorDetails&, const ErrorDetails&) = default;
};

// The status's message. (Abseil's string_view is its own type in Debian's build; this and fmt::format keep it out of
// sight.)
std::string_view MessageOf(const absl::Status& status);

// An error with the reason's default text, or with `message` in its place.
absl::Status Error(Reason reason);
absl::Status Error(Reason reason, std::string_view message);
absl::Status Error(const ErrorDetails& details, std::string_view message);
// One wrong field: INVALID_ARGUMENT whose message is "`field` message".
absl::Status InvalidField(std::string_view field, std::string_view message);

ErrorDetails DetailsOf(const absl::Status& status);
Reason ReasonOf(const absl::Status& status);

// Copies of `status` with one thing more. `status` must not be OK.
absl::Status WithMetadata(const absl::Status& status, std::string_view key, std::string_view value);
absl::Status WithRetryAfter(const absl::Status& status, std::int64_t retry_after_ms);

// Collects every wrong field of a request, to refuse it once for all of them.
class Violations {
 public:
  void Add(std::string_view field, std::string_view message);
  // Adds when `ok` is false; answers `ok`.
  bool Check(bool ok, std::string_view field, std::string_view message);
  [[nodiscard]] bool empty() const { return list_.empty(); }
  // OK when nothing was added.
  [[nodiscard]] absl::Status ToStatus() const;

 private:
  std::vector<FieldViolation> list_;
};

}  // namespace papertape

// Leaves the function with the error of `expression`, if it has one.
#define PT_RETURN_IF_ERROR(expression)                                            \
  do {                                                                            \
    if (absl::Status pt_status = (expression); !pt_status.ok()) return pt_status; \
  } while (false)

#define PT_CONCAT_INNER(a, b) a##b
#define PT_CONCAT(a, b) PT_CONCAT_INNER(a, b)
// PT_ASSIGN_OR_RETURN(auto value, Expression()): declares `value`, or leaves with the error.
#define PT_ASSIGN_OR_RETURN(declaration, expression) \
  PT_ASSIGN_OR_RETURN_NAMED(PT_CONCAT(pt_status_or_, __LINE__), declaration, expression)
#define PT_ASSIGN_OR_RETURN_NAMED(name, declaration, expression) \
  auto name = (expression);                                      \
  if (!name.ok()) return name.status();                          \
  declaration = *std::move(name)

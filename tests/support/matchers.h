// What tests say of statuses: REQUIRE_THAT(status, IsOk()), CHECK_THAT(result.status(),
// HasReason(Reason::kQUOTE_STALE)).
#pragma once

#include <string>

#include "libs/status/status.h"
#include "tests/support/catch.h"

namespace papertape::testing {

class IsOkMatcher : public Catch::MatcherBase<absl::Status> {
 public:
  bool match(const absl::Status& status) const override { return status.ok(); }
  [[nodiscard]] std::string describe() const override { return "is OK"; }
};
inline IsOkMatcher IsOk() { return {}; }

class HasReasonMatcher : public Catch::MatcherBase<absl::Status> {
 public:
  explicit HasReasonMatcher(Reason reason) : reason_(reason) {}
  bool match(const absl::Status& status) const override { return !status.ok() && ReasonOf(status) == reason_; }
  [[nodiscard]] std::string describe() const override { return "has the reason " + std::string(EntryOf(reason_).name); }

 private:
  Reason reason_;
};
inline HasReasonMatcher HasReason(Reason reason) { return HasReasonMatcher(reason); }

// Refused for exactly this field among others.
class NamesFieldMatcher : public Catch::MatcherBase<absl::Status> {
 public:
  explicit NamesFieldMatcher(std::string field) : field_(std::move(field)) {}
  bool match(const absl::Status& status) const override {
    for (const FieldViolation& violation : DetailsOf(status).violations) {
      if (violation.field == field_) return true;
    }
    return false;
  }
  [[nodiscard]] std::string describe() const override { return "names the field " + field_; }

 private:
  std::string field_;
};
inline NamesFieldMatcher NamesField(std::string field) { return NamesFieldMatcher(std::move(field)); }

}  // namespace papertape::testing

namespace Catch {
template <>
struct StringMaker<absl::Status> {
  static std::string convert(const absl::Status& status) { return status.ToString(); }
};
}  // namespace Catch

#include "libs/status/status.h"

#include "tests/support/matchers.h"

namespace papertape {
namespace {

using testing::HasReason;

TEST_CASE("an error carries its reason, fields and figures through a status") {
  const absl::Status status = WithMetadata(InvalidField("quantity", "must be more than 0: \"1:2\""), "limit", "5");
  CHECK(MessageOf(status) == "`quantity` must be more than 0: \"1:2\"");
  const ErrorDetails details = DetailsOf(status);
  CHECK(details.reason == Reason::kINVALID_ARGUMENT);
  CHECK(details.violations == std::vector<FieldViolation>{{"quantity", "must be more than 0: \"1:2\""}});
  CHECK(details.metadata == std::map<std::string, std::string>{{"limit", "5"}});
}

TEST_CASE("a status without a reason answers the one its code stands for") {
  CHECK_THAT(absl::UnavailableError("down"), HasReason(Reason::kUNAVAILABLE));
  CHECK_THAT(absl::UnknownError("?"), HasReason(Reason::kINTERNAL));
}

TEST_CASE("all wrong fields are reported together, in order") {
  Violations violations;
  CHECK(violations.ToStatus().ok());
  violations.Add("a", "must be set");
  violations.Check(true, "b", "never");
  violations.Check(false, "c", "must be positive");
  const ErrorDetails details = DetailsOf(violations.ToStatus());
  REQUIRE(details.violations.size() == 2);
  CHECK(details.violations[1].field == "c");
}

TEST_CASE("every reason is found by its word, and its HTTP status fits its code") {
  for (const ReasonEntry& entry : AllReasons()) {
    CHECK(FindReason(entry.name) == &entry);
    CHECK(EntryOf(entry.reason).name == entry.name);
    CHECK((entry.http_status >= 400 && entry.http_status < 600));
  }
  CHECK(FindReason("NO_SUCH_WORD") == nullptr);
}

}  // namespace
}  // namespace papertape

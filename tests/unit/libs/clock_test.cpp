#include "libs/clock/clock.h"

#include "tests/support/matchers.h"

namespace papertape {
namespace {

TEST_CASE("times print as RFC 3339 in UTC with no needless fraction") {
  CHECK(FormatRfc3339(FromMicrosSinceEpoch(1'772'461'800'000'000)) == "2026-03-02T14:30:00Z");
  CHECK(FormatRfc3339(FromMicrosSinceEpoch(1'772'461'800'250'000)) == "2026-03-02T14:30:00.25Z");
}

TEST_CASE("any offset is read as UTC") {
  CHECK(*ParseRfc3339("2026-03-02T20:00:00+05:30") == *ParseRfc3339("2026-03-02T14:30:00Z"));
  CHECK_FALSE(ParseRfc3339("yesterday").ok());
  CHECK_FALSE(ParseRfc3339("infinite-future").ok());
}

TEST_CASE("dates are midnights and round-trip") {
  CHECK(FormatDate(*ParseDate("2020-02-29")) == "2020-02-29");
  CHECK_FALSE(ParseDate("2021-02-29").ok());
  CHECK_FALSE(ParseDate("2021-2-9").ok());
}

}  // namespace
}  // namespace papertape

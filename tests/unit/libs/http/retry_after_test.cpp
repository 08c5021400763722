#include "libs/http/retry_after.h"

#include "tests/support/catch.h"

namespace papertape::http {
namespace {

using std::chrono::seconds;

TEST_CASE("Retry-After says seconds or a date") {
  const Timestamp now = ParseRfc3339("2026-03-02T14:30:00Z").value();
  CHECK(ParseRetryAfter("0", now) == seconds(0));
  CHECK(ParseRetryAfter("120", now) == seconds(120));
  CHECK(ParseRetryAfter("Mon, 02 Mar 2026 14:31:30 GMT", now) == seconds(90));
  CHECK(ParseRetryAfter("Mon, 02 Mar 2026 14:29:00 GMT", now) == seconds(0));
}

TEST_CASE("more than a day, and what is neither, is not believed") {
  const Timestamp now = ParseRfc3339("2026-03-02T14:30:00Z").value();
  CHECK(ParseRetryAfter("999999999", now) == std::chrono::hours(24));
  CHECK(ParseRetryAfter("99999999999999999999999", now) == std::chrono::hours(24));
  for (const char* text : {"", "soon", "1.5", "12 s", "Mon, 99 Mar 2026 14:31:30 GMT", "2026-03-02T14:31:30Z"}) {
    CAPTURE(text);
    CHECK_FALSE(ParseRetryAfter(text, now));
  }
}

}  // namespace
}  // namespace papertape::http

#include "libs/scheduler/cron.h"

#include "libs/status/status.h"
#include "tests/support/matchers.h"

namespace papertape::scheduler {
namespace {

using testing::IsOk;

std::string Next(std::string_view line, std::string_view after) {
  const auto cron = Cron::Parse(line);
  REQUIRE_THAT(cron.status(), IsOk());
  return FormatRfc3339(cron->NextAfter(*ParseRfc3339(after)));
}

TEST_CASE("a cron line names minutes, and the next is never the moment itself") {
  CHECK(Next("30 3 * * *", "2024-05-06T03:29:59.999Z") == "2024-05-06T03:30:00Z");
  CHECK(Next("30 3 * * *", "2024-05-06T03:30:00Z") == "2024-05-07T03:30:00Z");
  CHECK(Next("* * * * *", "2024-05-06T23:59:00Z") == "2024-05-07T00:00:00Z");
}

TEST_CASE("lists, ranges, steps and names are what cron has them be") {
  CHECK(Next("0,15 9-17/4 * * mon-fri", "2024-05-03T17:15:00Z") == "2024-05-06T09:00:00Z");
  CHECK(Next("*/20 * * * *", "2024-05-06T10:40:00Z") == "2024-05-06T11:00:00Z");
  CHECK(Next("5/20 * * * *", "2024-05-06T10:25:00Z") == "2024-05-06T10:45:00Z");
  CHECK(Next("0 0 1 JAN *", "2024-01-01T00:00:00Z") == "2025-01-01T00:00:00Z");
  CHECK(Next("0 12 * * 7", "2024-05-06T00:00:00Z") == "2024-05-12T12:00:00Z");
  CHECK(Next("0 12 * * sun", "2024-05-06T00:00:00Z") == "2024-05-12T12:00:00Z");
}

TEST_CASE("of day of month and day of week either is enough when both are restricted") {
  CHECK(Next("0 0 13 * fri", "2024-09-07T00:00:00Z") == "2024-09-13T00:00:00Z");
  CHECK(Next("0 0 13 * fri", "2024-09-13T00:00:00Z") == "2024-09-20T00:00:00Z");
  CHECK(Next("0 0 13 * *", "2024-09-13T00:00:00Z") == "2024-10-13T00:00:00Z");
  CHECK(Next("0 0 * * fri", "2024-09-13T00:00:00Z") == "2024-09-20T00:00:00Z");
}

TEST_CASE("a leap day is found across a century without one") {
  CHECK(Next("0 0 29 2 *", "2024-02-29T00:00:00Z") == "2028-02-29T00:00:00Z");
  CHECK(Next("0 0 29 2 *", "2096-02-29T00:00:00Z") == "2104-02-29T00:00:00Z");
}

TEST_CASE("what is no cron line is refused with words") {
  for (const char* const line : {"", "* * * *", "* * * * * *", "60 * * * *", "* 24 * * *", "* * 0 * *", "* * * 13 *",
                                 "* * * * 8", "5-1 * * * *", "*/0 * * * *", "a * * * *", "1, * * * *", "0 0 30 2 *"}) {
    CAPTURE(line);
    CHECK_FALSE(MessageOf(Cron::Parse(line).status()).empty());
  }
}

}  // namespace
}  // namespace papertape::scheduler

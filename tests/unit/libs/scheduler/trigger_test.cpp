#include "libs/scheduler/trigger.h"

#include "libs/status/status.h"
#include "tests/support/matchers.h"

namespace papertape::scheduler {
namespace {

using testing::IsOk;

std::string Next(std::string_view text, std::string_view after) {
  const auto trigger = Trigger::Parse(text);
  REQUIRE_THAT(trigger.status(), IsOk());
  CHECK(trigger->text() == text);
  const auto next = trigger->NextAfter(*ParseRfc3339(after));
  return next ? FormatRfc3339(*next) : "never";
}

TEST_CASE("a time of UTC on trading days passes over weekends and holidays") {
  constexpr char kText[] = "22:00 UTC on trading days of XNYS";
  CHECK(Next(kText, "2024-07-03T21:59:59Z") == "2024-07-03T22:00:00Z");
  CHECK(Next(kText, "2024-07-03T22:00:00Z") == "2024-07-05T22:00:00Z");
  CHECK(Next(kText, "2024-07-05T22:00:00Z") == "2024-07-08T22:00:00Z");
}

TEST_CASE("a time of UTC does not move with New York's daylight saving time, in either direction") {
  constexpr char kText[] = "22:00 UTC on trading days of XNYS";
  CHECK(Next(kText, "2024-03-08T22:00:00Z") == "2024-03-11T22:00:00Z");
  CHECK(Next(kText, "2024-11-01T22:00:00Z") == "2024-11-04T22:00:00Z");
}

TEST_CASE("the close moves with daylight saving time, in both directions, and so does what follows it") {
  constexpr char kText[] = "30 minutes after the close of XNYS";
  CHECK(Next(kText, "2024-03-08T00:00:00Z") == "2024-03-08T21:30:00Z");
  CHECK(Next(kText, "2024-03-09T00:00:00Z") == "2024-03-11T20:30:00Z");
  CHECK(Next(kText, "2024-11-01T00:00:00Z") == "2024-11-01T20:30:00Z");
  CHECK(Next(kText, "2024-11-02T00:00:00Z") == "2024-11-04T21:30:00Z");
}

TEST_CASE("an early close is a close") {
  CHECK(Next("30 minutes after the close of XNYS", "2024-11-29T00:00:00Z") == "2024-11-29T18:30:00Z");
  CHECK(Next("1 minute before the close of XNYS", "2024-11-29T00:00:00Z") == "2024-11-29T17:59:00Z");
}

TEST_CASE("Mumbai has no daylight saving time, and its Saturday session counts") {
  CHECK(Next("30 minutes after the close of XNSE", "2024-03-11T00:00:00Z") == "2024-03-11T10:30:00Z");
  CHECK(Next("15 minutes before the open of XNSE", "2024-01-19T12:00:00Z") == "2024-01-20T03:30:00Z");
}

TEST_CASE("a moment a day after the close is not lost where the day has passed") {
  CHECK(Next("1440 minutes after the close of XNYS", "2024-07-03T18:00:00Z") == "2024-07-03T20:00:00Z");
  CHECK(Next("1440 minutes after the close of XNYS", "2024-07-03T20:00:00Z") == "2024-07-04T17:00:00Z");
}

TEST_CASE("where the calendar ends nothing is due, while a cron line goes on") {
  CHECK(Next("22:00 UTC on trading days of XNYS", "2028-12-29T22:00:00Z") == "never");
  CHECK(Next("cron 0 22 * * *", "2028-12-31T22:00:00Z") == "2029-01-01T22:00:00Z");
}

TEST_CASE("what is no trigger is refused with words") {
  for (const char* const text :
       {"", "cron", "cron x", "22:00", "24:00 UTC on trading days of XNYS", "22:60 UTC on trading days of XNYS",
        "22:00 UTC on trading days of XLON", "2000 minutes after the close of XNYS", "5 minutes after the noon of XNYS",
        "5 hours after the close of XNYS", "-5 minutes after the close of XNYS"}) {
    CAPTURE(text);
    CHECK_FALSE(MessageOf(Trigger::Parse(text).status()).empty());
  }
}

}  // namespace
}  // namespace papertape::scheduler

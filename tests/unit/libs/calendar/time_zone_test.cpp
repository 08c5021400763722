#include "libs/calendar/time_zone.h"

#include <string>

#include "absl/time/time.h"
#include "tests/unit/libs/calendar/calendar_fixtures.h"

namespace papertape::calendar {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using testing::At;
using testing::Day;
using testing::Text;

TEST_CASE("the laws of the zones agree with the machine's zone files, hour by hour") {
  const Zone zone = GENERATE(Zone::kNewYork, Zone::kKolkata);
  absl::TimeZone file;
  if (!absl::LoadTimeZone(std::string(ZoneName(zone)), &file)) {
    WARN("skipped: this machine has no zone file " << ZoneName(zone));
    return;
  }
  for (Timestamp time = At("2000-01-01T00:00:00Z"); time < At("2029-01-01T00:00:00Z"); time += hours(1)) {
    const auto offset = file.At(absl::FromUnixMicros(MicrosSinceEpoch(time))).offset;
    if (OffsetAt(zone, time) != std::chrono::seconds(offset)) FAIL(Text(time) << " is wrong in " << ZoneName(zone));
  }
}

TEST_CASE("New York's clock moves at the second of the law") {
  for (const auto& [last_before, first_after, before, after] :
       {std::tuple{"2006-04-02T06:59:59.999999Z", "2006-04-02T07:00:00Z", -5, -4},
        {"2006-10-29T05:59:59.999999Z", "2006-10-29T06:00:00Z", -4, -5},
        {"2007-03-11T06:59:59.999999Z", "2007-03-11T07:00:00Z", -5, -4},
        {"2007-11-04T05:59:59.999999Z", "2007-11-04T06:00:00Z", -4, -5},
        {"2026-03-08T06:59:59.999999Z", "2026-03-08T07:00:00Z", -5, -4},
        {"2026-11-01T05:59:59.999999Z", "2026-11-01T06:00:00Z", -4, -5}}) {
    CAPTURE(last_before);
    CHECK(OffsetAt(Zone::kNewYork, At(last_before)) == hours(before));
    CHECK(OffsetAt(Zone::kNewYork, At(first_after)) == hours(after));
  }
}

TEST_CASE("a time on the wall is an instant, and an instant has a date on the wall") {
  CHECK(Text(ToInstant(Zone::kNewYork, Day("2026-03-08"), minutes(9 * 60 + 30))) == "2026-03-08T13:30:00Z");
  CHECK(Text(ToInstant(Zone::kNewYork, Day("2026-03-07"), minutes(9 * 60 + 30))) == "2026-03-07T14:30:00Z");
  CHECK(Text(ToInstant(Zone::kKolkata, Day("2026-03-08"), minutes(9 * 60 + 15))) == "2026-03-08T03:45:00Z");
  CHECK(Text(ToInstant(Zone::kNewYork, Day("2026-03-08"), minutes(150))) == "2026-03-08T07:30:00Z");  // skipped
  CHECK(Text(ToInstant(Zone::kNewYork, Day("2026-11-01"), minutes(90))) == "2026-11-01T06:30:00Z");   // the second
  CHECK(Text(DateAt(Zone::kNewYork, At("2026-07-02T03:59:59Z"))) == "2026-07-01");
  CHECK(Text(DateAt(Zone::kNewYork, At("2026-07-02T04:00:00Z"))) == "2026-07-02");
  CHECK(Text(DateAt(Zone::kNewYork, At("2026-01-02T04:59:59Z"))) == "2026-01-01");
  CHECK(Text(DateAt(Zone::kKolkata, At("2026-01-01T18:29:59Z"))) == "2026-01-01");
  CHECK(Text(DateAt(Zone::kKolkata, At("2026-01-01T18:30:00Z"))) == "2026-01-02");
}

}  // namespace
}  // namespace papertape::calendar

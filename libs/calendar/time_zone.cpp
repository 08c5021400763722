#include "libs/calendar/time_zone.h"

namespace papertape::calendar {
namespace {

using std::chrono::April;
using std::chrono::floor;
using std::chrono::hours;
using std::chrono::last;
using std::chrono::March;
using std::chrono::minutes;
using std::chrono::November;
using std::chrono::October;
using std::chrono::Sunday;
using std::chrono::sys_days;
using std::chrono::year;

constexpr hours kEasternStandard{-5};
constexpr hours kEasternDaylight{-4};
constexpr minutes kIndianStandard{330};
constexpr hours kSwitch{2};  // o'clock, by the time that ends

// Uniform Time Act of 1966 as amended in 1986 (first Sunday of April to last Sunday of October), and the Energy Policy
// Act of 2005 (second Sunday of March to first Sunday of November, since 2007).
bool IsDaylightTime(Timestamp time) {
  const year in = std::chrono::year_month_day(floor<std::chrono::days>(time + kEasternStandard)).year();
  const bool is_new = in >= year(2007);
  const sys_days first = is_new ? sys_days(in / March / Sunday[2]) : sys_days(in / April / Sunday[1]);
  const sys_days end = is_new ? sys_days(in / November / Sunday[1]) : sys_days(in / October / Sunday[last]);
  return time >= first + kSwitch - kEasternStandard && time < end + kSwitch - kEasternDaylight;
}

}  // namespace

std::string_view ZoneName(Zone zone) { return zone == Zone::kNewYork ? "America/New_York" : "Asia/Kolkata"; }

minutes OffsetAt(Zone zone, Timestamp time) {
  if (zone == Zone::kKolkata) return kIndianStandard;
  return IsDaylightTime(time) ? kEasternDaylight : kEasternStandard;
}

Timestamp ToInstant(Zone zone, Date date, minutes since_midnight) {
  const Timestamp as_if_utc = sys_days(date.time_since_epoch()) + since_midnight;
  if (zone == Zone::kKolkata) return as_if_utc - kIndianStandard;
  const Timestamp standard = as_if_utc - kEasternStandard;
  const Timestamp daylight = as_if_utc - kEasternDaylight;
  return IsDaylightTime(standard) && IsDaylightTime(daylight) ? daylight : standard;
}

Date DateAt(Zone zone, Timestamp time) {
  return Date(floor<std::chrono::days>(time + OffsetAt(zone, time)).time_since_epoch());
}

}  // namespace papertape::calendar

// How the calendar's tests name days, instants and exchanges.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "libs/calendar/calendar.h"
#include "tests/support/catch.h"

namespace papertape::calendar::testing {

inline Date Day(std::string_view text) {
  return Date(std::chrono::floor<std::chrono::days>(*ParseDate(text)).time_since_epoch());
}
inline Timestamp At(std::string_view text) { return *ParseRfc3339(text); }
inline std::string Text(Date date) { return FormatDate(std::chrono::sys_days(date.time_since_epoch())); }
inline std::string Text(std::optional<Timestamp> time) { return time ? FormatRfc3339(*time) : "none"; }
inline bool IsWeekday(Date date) { return std::chrono::weekday(date).iso_encoding() <= 5; }

inline const Calendar& Of(std::string_view code) {
  const Calendar* const found = FindCalendar(code);
  REQUIRE(found != nullptr);
  return *found;
}

// "01-26 03-08": the weekdays of a year without a session.
inline std::string ClosedWeekdays(const Calendar& calendar, int year) {
  std::string days;
  const std::string name = std::to_string(year);
  for (Date date = Day(name + "-01-01"); date <= Day(name + "-12-31"); date += std::chrono::days(1)) {
    if (!IsWeekday(date) || calendar.SessionOn(date)) continue;
    days += (days.empty() ? "" : " ") + Text(date).substr(5);
  }
  return days;
}

// "11-27 12-24": the sessions of a year that end early.
inline std::string EarlyCloses(const Calendar& calendar, int year) {
  std::string days;
  const std::string name = std::to_string(year);
  for (const Session& session : calendar.Sessions(Day(name + "-01-01"), Day(name + "-12-31"))) {
    if (session.early_close) days += (days.empty() ? "" : " ") + Text(session.date).substr(5);
  }
  return days;
}

}  // namespace papertape::calendar::testing

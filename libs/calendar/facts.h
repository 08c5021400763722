// What is known of one exchange before anything is computed from it. Made by us_facts.cpp and india_facts.cpp from laws
// and from the tables us.def and india.def, which write dates as "2026-11-27" and clock times as "13:00".
#pragma once

#include <chrono>
#include <optional>
#include <string_view>
#include <vector>

#include "libs/calendar/calendar.h"
#include "libs/calendar/time_zone.h"

namespace papertape::calendar {

// Since midnight, by the clock on the exchange's wall.
using ClockTime = std::chrono::minutes;

// In force from `since` until the next entry's.
struct RegularHours {
  Date since;
  ClockTime open;
  ClockTime close;
  std::optional<ClockTime> pre_open;
  std::optional<ClockTime> post_close;
};

// One day with hours of its own. It trades even where its date is a weekend or a holiday.
struct SpecialHours {
  Date date;
  ClockTime open;
  ClockTime close;
  std::optional<ClockTime> pre_open;
  std::optional<ClockTime> post_close;
  std::optional<ClockTime> pause;  // from here
  std::optional<ClockTime> resume;
  std::string_view occasion;
};

struct Facts {
  std::vector<RegularHours> hours;
  std::vector<SpecialHours> specials;
  std::vector<Holiday> holidays;
  std::vector<Record> records;
};

// Easter Sunday of the Gregorian calendar.
Date EasterOf(int year);

// "2026-11-27", as the tables write it. Anything else does not compile.
consteval Date DayOf(std::string_view text) {
  const auto digits = [text](std::size_t from, std::size_t count) {
    int value = 0;
    for (std::size_t i = from; i < from + count; ++i) {
      if (text.at(i) < '0' || text.at(i) > '9') throw "a date is written 2026-11-27";
      value = value * 10 + (text.at(i) - '0');
    }
    return value;
  };
  const std::chrono::year_month_day date{std::chrono::year(digits(0, 4)),
                                         std::chrono::month(static_cast<unsigned>(digits(5, 2))),
                                         std::chrono::day(static_cast<unsigned>(digits(8, 2)))};
  if (text.size() != 10 || text[4] != '-' || text[7] != '-' || !date.ok()) throw "a date is written 2026-11-27";
  return Date(date);
}

// "09:30", or "" for what is not known.
consteval std::optional<ClockTime> KnownTime(std::string_view text) {
  if (text.empty()) return std::nullopt;
  for (const std::size_t i : {0U, 1U, 3U, 4U}) {
    if (text.at(i) < '0' || text.at(i) > '9') throw "a time is written 09:30";
  }
  const int hour = (text[0] - '0') * 10 + (text[1] - '0');
  const int minute = (text[3] - '0') * 10 + (text[4] - '0');
  if (text.size() != 5 || text[2] != ':' || hour > 23 || minute > 59) throw "a time is written 09:30";
  return ClockTime(hour * 60 + minute);
}

consteval ClockTime TimeOf(std::string_view text) { return KnownTime(text).value(); }

// New York: NYSE and Nasdaq keep the same days and hours.
Facts UsFacts();

// Mumbai: NSE and BSE keep the same holidays; `code` tells whose special hours are asked for.
Facts IndiaFacts(std::string_view code);

}  // namespace papertape::calendar

// The laws of the New York exchanges: NYSE Rule 7.2 (holidays) and the early closes of its yearly announcements.
#include "libs/calendar/facts.h"

namespace papertape::calendar {
namespace {

using std::chrono::days;
using std::chrono::December;
using std::chrono::January;
using std::chrono::July;
using std::chrono::June;
using std::chrono::last;
using std::chrono::May;
using std::chrono::Monday;
using std::chrono::Saturday;
using std::chrono::September;
using std::chrono::Sunday;
using std::chrono::Thursday;
using std::chrono::weekday;
using std::chrono::year;

constexpr ClockTime kEarlyClose = TimeOf("13:00");
constexpr ClockTime kLateTradingOnEarlyClose = TimeOf("17:00");
constexpr Date kLateTradingKnownSince = DayOf("2024-01-01");

weekday WeekdayOf(Date date) { return weekday(date); }

bool IsMondayToThursday(Date date) {
  const unsigned day = WeekdayOf(date).iso_encoding();
  return day <= Thursday.iso_encoding();
}

// A fixed date on a Saturday is kept on the Friday before, on a Sunday on the Monday after.
Date Observed(Date date) {
  if (WeekdayOf(date) == Saturday) return date - days(1);
  return WeekdayOf(date) == Sunday ? date + days(1) : date;
}

void AddHolidays(int in, std::vector<Holiday>& out) {
  const year y(in);
  // The one exception: a New Year's Day on a Saturday is not kept, for the Friday ends the year's accounts.
  const Date new_year(y / January / 1);
  if (WeekdayOf(new_year) != Saturday) out.push_back({Observed(new_year), "New Year's Day", true});
  out.push_back({Date(y / January / Monday[3]), "Martin Luther King, Jr. Day", true});  // since 1998
  out.push_back({Date(y / std::chrono::February / Monday[3]), "Washington's Birthday", true});
  out.push_back({EasterOf(in) - days(2), "Good Friday", true});
  out.push_back({Date(y / May / Monday[last]), "Memorial Day", true});
  if (in >= 2022) out.push_back({Observed(Date(y / June / 19)), "Juneteenth National Independence Day", true});
  out.push_back({Observed(Date(y / July / 4)), "Independence Day", true});
  out.push_back({Date(y / September / Monday[1]), "Labor Day", true});
  out.push_back({Date(y / std::chrono::November / Thursday[4]), "Thanksgiving Day", true});
  out.push_back({Observed(Date(y / December / 25)), "Christmas Day", true});
}

SpecialHours EarlyClose(Date date, std::string_view occasion) {
  SpecialHours hours{.date = date, .open = TimeOf("09:30"), .close = kEarlyClose, .occasion = occasion};
  if (date >= kLateTradingKnownSince) {
    hours.pre_open = TimeOf("04:00");
    hours.post_close = kLateTradingOnEarlyClose;
  }
  return hours;
}

void AddEarlyCloses(int in, std::vector<SpecialHours>& out) {
  const year y(in);
  // Until 2012 a Fourth of July on a Thursday had its half day on the Friday after; since 2013 on the Wednesday before.
  const Date fourth(y / July / 4);
  const bool is_friday_after = in < 2013 && WeekdayOf(fourth) == Thursday;
  if (is_friday_after) {
    out.push_back(EarlyClose(fourth + days(1), "Day after Independence Day"));
  } else if (IsMondayToThursday(fourth - days(1))) {
    out.push_back(EarlyClose(fourth - days(1), "Day before Independence Day"));
  }
  out.push_back(EarlyClose(Date(y / std::chrono::November / Thursday[4]) + days(1), "Day after Thanksgiving"));
  const Date eve(y / December / 24);
  if (IsMondayToThursday(eve)) out.push_back(EarlyClose(eve, "Christmas Eve"));
}

}  // namespace

// Meeus, Jones and Butcher's form of the computus (J. Meeus, Astronomical Algorithms, chapter 8).
Date EasterOf(int y) {
  const int a = y % 19;
  const int b = y / 100;
  const int c = y % 100;
  const int d = b / 4;
  const int e = b % 4;
  const int g = (8 * b + 13) / 25;
  const int h = (19 * a + b - d - g + 15) % 30;
  const int i = c / 4;
  const int k = c % 4;
  const int l = (32 + 2 * e + 2 * i - h - k) % 7;
  const int m = (a + 11 * h + 22 * l) / 451;
  const int month_and_day = h + l - 7 * m + 114;
  return Date(year(y) / (month_and_day / 31) / (month_and_day % 31 + 1));
}

Facts UsFacts() {
  Facts facts;
#define HOURS(since, pre_open, open, close, post_close) \
  facts.hours.push_back({DayOf(since), TimeOf(open), TimeOf(close), KnownTime(pre_open), KnownTime(post_close)});
#define CLOSED(date, name) facts.holidays.push_back({DayOf(date), name, true});
#define SPECIAL(date, open, close, occasion) \
  facts.specials.push_back({DayOf(date), TimeOf(open), TimeOf(close), {}, {}, {}, {}, occasion});
#define RECORD(first_year, last_year, confirmed, source) \
  facts.records.push_back({first_year, last_year, confirmed, source});
#include "libs/calendar/us.def"
  for (int in = facts.records.front().first_year; in <= facts.records.back().last_year; ++in) {
    AddHolidays(in, facts.holidays);
    AddEarlyCloses(in, facts.specials);
  }
  return facts;
}

}  // namespace papertape::calendar

// The laws of the exchanges in Mumbai are few: five national holidays, kept on their date, and only there.
#include <array>

#include "libs/calendar/facts.h"

namespace papertape::calendar {
namespace {

struct NationalHoliday {
  std::chrono::month_day day;
  std::string_view name;
};

constexpr std::array<NationalHoliday, 5> kNationalHolidays{{
    {std::chrono::January / 26, "Republic Day"},
    {std::chrono::May / 1, "Maharashtra Day"},
    {std::chrono::August / 15, "Independence Day"},
    {std::chrono::October / 2, "Mahatma Gandhi Jayanti"},
    {std::chrono::December / 25, "Christmas"},
}};

bool IsWeekday(Date date) { return std::chrono::weekday(date).iso_encoding() <= 5; }

}  // namespace

// One statement for each line of india.def, hence its size.
Facts IndiaFacts(std::string_view code) {  // NOLINT(readability-function-size)
  Facts facts;
#define HOURS(since, pre_open, open, close, post_close) \
  facts.hours.push_back({DayOf(since), TimeOf(open), TimeOf(close), KnownTime(pre_open), KnownTime(post_close)});
#define SPECIAL(whose, date, pre_open, open, pause, resume, close, occasion) \
  if (std::string_view(whose).empty() || code == (whose))                    \
    facts.specials.push_back({DayOf(date),                                   \
                              TimeOf(open),                                  \
                              TimeOf(close),                                 \
                              KnownTime(pre_open),                           \
                              {},                                            \
                              KnownTime(pause),                              \
                              KnownTime(resume),                             \
                              occasion});
#define UNTIMED(date, name) facts.holidays.push_back({DayOf(date), name, false});
#define CLOSED(date, name) facts.holidays.push_back({DayOf(date), name, true});
#define RECORD(first_year, last_year, confirmed, source) \
  facts.records.push_back({first_year, last_year, confirmed, source});
#include "libs/calendar/india.def"
  for (int in = facts.records.front().first_year; in <= facts.records.back().last_year; ++in) {
    for (const auto& [day, name] : kNationalHolidays) {
      const Date date(std::chrono::year(in) / day);
      if (IsWeekday(date)) facts.holidays.push_back({date, name, true});
    }
  }
  return facts;
}

}  // namespace papertape::calendar

#include "services/market_data/domain/session_gaps.h"

#include <chrono>

#include "libs/calendar/calendar.h"

namespace papertape::market {
namespace {

using calendar::Calendar;
using calendar::Date;
using std::chrono::days;

// No day of trading lasts until then, wherever it is.
constexpr days kLongPast{3};

Date DateOf(Timestamp day) { return Date(std::chrono::floor<days>(day).time_since_epoch()); }
Timestamp DayOf(Date date) { return std::chrono::sys_days(date.time_since_epoch()); }

bool IsWeekday(Date date) {
  const std::chrono::weekday weekday(std::chrono::sys_days(date.time_since_epoch()));
  return weekday != std::chrono::Saturday && weekday != std::chrono::Sunday;
}

}  // namespace

std::vector<Timestamp> FinishedSessions(std::string_view exchange, Timestamp first, Timestamp last, Timestamp now) {
  const Calendar* const of = calendar::FindCalendar(exchange);
  std::vector<Timestamp> sessions;
  for (Date date = DateOf(first); date <= DateOf(last); date += days(1)) {
    if (of != nullptr && Calendar::Covers(date)) {
      if (of->TradingDays(date, date) == 0) continue;
      // Of days long past nobody needs to know the hour.
      if (DayOf(date) + kLongPast <= now || of->SessionOn(date)->close <= now) sessions.push_back(DayOf(date));
    } else if (IsWeekday(date) && DayOf(date) + days(1) <= now) {
      sessions.push_back(DayOf(date));
    }
  }
  return sessions;
}

std::vector<Stretch> GapsOf(const std::vector<Timestamp>& sessions, const std::set<Timestamp>& known,
                            const GapOptions& options) {
  std::vector<Stretch> gaps;
  std::size_t known_between = 0;
  for (const Timestamp session : sessions) {
    if (known.contains(session)) {
      ++known_between;
      continue;
    }
    const bool joins = !gaps.empty() && known_between <= options.joined_over;
    if (!joins || gaps.back().size() >= options.most_sessions) gaps.emplace_back();
    gaps.back().push_back(session);
    known_between = 0;
  }
  return gaps;
}

}  // namespace papertape::market

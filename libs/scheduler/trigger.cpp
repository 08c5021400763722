#include "libs/scheduler/trigger.h"

#include <charconv>

#include "libs/status/status.h"

namespace papertape::scheduler {
namespace {

using calendar::Calendar;
using calendar::Date;
using calendar::Session;
using std::chrono::days;
using std::chrono::minutes;

// A moment that belongs to a session lies no further from its date than this.
constexpr days kFurthest{3};
constexpr minutes kLongestDelay = days(1);

absl::Status Unreadable() {
  return Error(Reason::kINVALID_ARGUMENT,
               "a trigger is `cron <five fields>`, `22:00 UTC on trading days of XNYS`, or "
               "`30 minutes after the close of XNSE` (before, open)");
}

// Takes `word` and a space behind it from the front of `text`.
bool Take(std::string_view& text, std::string_view word) {
  if (!text.starts_with(word)) return false;
  text.remove_prefix(word.size());
  return true;
}

std::optional<int> TakeNumber(std::string_view& text, int most) {
  int value = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || value < 0 || value > most) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return value;
}

// The first of `moment(session)` after `time`.
template <class Moment>
std::optional<Timestamp> FirstOf(const Calendar& of, Timestamp time, Moment moment) {
  std::optional<Date> date = of.DateAt(time) - kFurthest;
  for (date = of.NextTradingDay(*date); date; date = of.NextTradingDay(*date)) {
    const Timestamp at = moment(*of.SessionOn(*date));
    if (at > time) return at;
  }
  return std::nullopt;
}

struct NextOf {
  Timestamp time;
  std::optional<Timestamp> operator()(const Cron& cron) const { return cron.NextAfter(time); }
  std::optional<Timestamp> operator()(const OnTradingDays& when) const {
    return FirstOf(*when.calendar, time, [&](const Session& session) {
      return Timestamp(std::chrono::sys_days(session.date.time_since_epoch()) + when.at);
    });
  }
  std::optional<Timestamp> operator()(const AroundClose& when) const {
    return FirstOf(*when.calendar, time, [&](const Session& session) { return session.close + when.after; });
  }
  std::optional<Timestamp> operator()(const AroundOpen& when) const {
    return FirstOf(*when.calendar, time, [&](const Session& session) { return session.open + when.after; });
  }
};

}  // namespace

absl::StatusOr<Trigger> Trigger::Parse(std::string_view text) {
  std::string_view rest = text;
  if (Take(rest, "cron ")) {
    PT_ASSIGN_OR_RETURN(const Cron cron, Cron::Parse(rest));
    return Trigger(text, cron);
  }
  const std::optional<int> number = TakeNumber(rest, static_cast<int>(kLongestDelay.count()));
  if (!number) return Unreadable();
  if (Take(rest, ":")) {
    const std::optional<int> minute = TakeNumber(rest, 59);
    if (!minute || *number > 23 || !Take(rest, " UTC on trading days of ")) return Unreadable();
    const Calendar* const of = calendar::FindCalendar(rest);
    if (of == nullptr) return Unreadable();
    return Trigger(text, OnTradingDays{of, std::chrono::hours(*number) + minutes(*minute)});
  }
  if (!Take(rest, " minutes ") && !Take(rest, " minute ")) return Unreadable();
  const bool after = Take(rest, "after ");
  if (!after && !Take(rest, "before ")) return Unreadable();
  const bool close = Take(rest, "the close of ");
  if (!close && !Take(rest, "the open of ")) return Unreadable();
  const Calendar* const of = calendar::FindCalendar(rest);
  if (of == nullptr) return Unreadable();
  const minutes delay(after ? *number : -*number);
  return close ? Trigger(text, AroundClose{of, delay}) : Trigger(text, AroundOpen{of, delay});
}

std::optional<Timestamp> Trigger::NextAfter(Timestamp time) const { return std::visit(NextOf{time}, when_); }

}  // namespace papertape::scheduler

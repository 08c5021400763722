#include "libs/calendar/calendar.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

#include "libs/calendar/facts.h"

namespace papertape::calendar {
namespace {

using std::chrono::days;

constexpr int kFirstYear = 2000;
constexpr int kLastYear = 2028;

bool IsWeekend(Date date) { return std::chrono::weekday(date).iso_encoding() > 5; }

int YearOf(Date date) { return static_cast<int>(std::chrono::year_month_day(date).year()); }

template <class Dated>
bool IsBefore(const Dated& entry, Date date) {
  return entry.date < date;
}

// In entries sorted by date; null when there is none.
template <class Dated>
const Dated* FindOn(const std::vector<Dated>& entries, Date date) {
  const auto found = std::lower_bound(entries.begin(), entries.end(), date, IsBefore<Dated>);
  return found != entries.end() && found->date == date ? &*found : nullptr;
}

template <class Dated>
void SortByDate(std::vector<Dated>& entries) {
  std::stable_sort(entries.begin(), entries.end(), [](const Dated& a, const Dated& b) { return a.date < b.date; });
}

const RegularHours& HoursOn(const Facts& facts, Date date) {
  auto hours = facts.hours.rbegin();
  while (hours->since > date) ++hours;
  return *hours;
}

Facts Sorted(Facts facts) {
  SortByDate(facts.specials);
  SortByDate(facts.holidays);
  return facts;
}

char ToUpper(char c) { return static_cast<char>(std::toupper(static_cast<unsigned char>(c))); }

}  // namespace

std::string_view PhaseName(Phase phase) {
  constexpr std::array<std::string_view, 5> kNames{"closed", "pre_open", "regular", "pause", "post_close"};
  return kNames.at(static_cast<std::size_t>(phase));
}

Date Calendar::FirstDate() { return Date(std::chrono::year(kFirstYear) / std::chrono::January / 1); }
Date Calendar::LastDate() { return Date(std::chrono::year(kLastYear) / std::chrono::December / 31); }

Calendar::Calendar(std::string_view code, std::string_view name, Zone zone, Facts facts)
    : code_(code), name_(name), zone_(zone), facts_(std::make_unique<const Facts>(Sorted(std::move(facts)))) {
  for (Date date = FirstDate(); date <= LastDate(); date += days(1)) {
    const bool is_special = FindOn(facts_->specials, date) != nullptr;
    const bool is_regular = !IsWeekend(date) && FindOn(facts_->holidays, date) == nullptr;
    if (is_special || is_regular) days_.push_back(date);
  }
}

Calendar::~Calendar() = default;

// `date` is a day of trading.
Session Calendar::Make(Date date) const {
  const RegularHours& regular = HoursOn(*facts_, date);
  const auto at = [&](ClockTime time) { return ToInstant(zone_, date, time); };
  const auto known = [&](const std::optional<ClockTime>& time) {
    return time ? std::optional<Timestamp>(at(*time)) : std::nullopt;
  };
  Session session{.date = date, .confirmed = RecordOf(date)->confirmed};
  if (const SpecialHours* const special = FindOn(facts_->specials, date); special != nullptr) {
    session.open = at(special->open);
    session.close = at(special->close);
    session.pre_open = known(special->pre_open);
    session.post_close = known(special->post_close);
    if (special->pause) session.pause = Span{at(*special->pause), at(*special->resume)};
    session.early_close = special->close < regular.close;
    session.occasion = special->occasion;
  } else {
    session.open = at(regular.open);
    session.close = at(regular.close);
    session.pre_open = known(regular.pre_open);
    session.post_close = known(regular.post_close);
  }
  return session;
}

std::optional<Session> Calendar::SessionOn(Date date) const {
  if (!std::binary_search(days_.begin(), days_.end(), date)) return std::nullopt;
  return Make(date);
}

std::optional<Holiday> Calendar::HolidayOn(Date date) const {
  const std::vector<Holiday> found = Holidays(date, date);
  return found.empty() ? std::nullopt : std::optional<Holiday>(found.front());
}

const Record* Calendar::RecordOf(Date date) const {
  const int year = YearOf(date);
  for (const Record& record : facts_->records) {
    if (record.first_year <= year && year <= record.last_year) return &record;
  }
  return nullptr;
}

std::vector<Record> Calendar::Records(Date first, Date last) const {
  std::vector<Record> found;
  for (const Record& record : facts_->records) {
    if (record.first_year <= YearOf(last) && YearOf(first) <= record.last_year) found.push_back(record);
  }
  return found;
}

Phase Calendar::PhaseAt(Timestamp time) const {
  const std::optional<Session> session = SessionOn(DateAt(time));
  if (!session || time < session->pre_open.value_or(session->open)) return Phase::kClosed;
  if (time < session->open) return Phase::kPreOpen;
  if (time >= session->close) {
    return time < session->post_close.value_or(session->close) ? Phase::kPostClose : Phase::kClosed;
  }
  const bool pauses = session->pause && session->pause->begin <= time && time < session->pause->end;
  return pauses ? Phase::kPause : Phase::kRegular;
}

// `moments` gives two instants of a session, the earlier one first where there is one.
template <class Moments>
std::optional<Timestamp> Calendar::FirstAfter(Timestamp time, Moments moments) const {
  for (auto day = std::lower_bound(days_.begin(), days_.end(), DateAt(time)); day != days_.end(); ++day) {
    const auto [first, second] = moments(Make(*day));
    if (first && *first > time) return first;
    if (second > time) return second;
  }
  return std::nullopt;
}

std::optional<Timestamp> Calendar::NextOpen(Timestamp time) const {
  return FirstAfter(time, [](const Session& session) {
    return std::pair(std::optional(session.open), session.pause ? session.pause->end : session.open);
  });
}

std::optional<Timestamp> Calendar::NextClose(Timestamp time) const {
  return FirstAfter(time, [](const Session& session) {
    return std::pair(session.pause ? std::optional(session.pause->begin) : std::nullopt, session.close);
  });
}

std::optional<Date> Calendar::NextTradingDay(Date date) const {
  const auto next = std::upper_bound(days_.begin(), days_.end(), date);
  return next == days_.end() ? std::nullopt : std::optional(*next);
}

std::optional<Date> Calendar::PreviousTradingDay(Date date) const {
  const auto next = std::lower_bound(days_.begin(), days_.end(), date);
  return next == days_.begin() ? std::nullopt : std::optional(*std::prev(next));
}

std::vector<Session> Calendar::Sessions(Date first, Date last) const {
  std::vector<Session> sessions;
  for (auto day = std::lower_bound(days_.begin(), days_.end(), first); day != days_.end() && *day <= last; ++day) {
    sessions.push_back(Make(*day));
  }
  return sessions;
}

// A holiday on which there was special trading after all is none.
std::vector<Holiday> Calendar::Holidays(Date first, Date last) const {
  std::vector<Holiday> found;
  const std::vector<Holiday>& all = facts_->holidays;
  for (auto entry = std::lower_bound(all.begin(), all.end(), first, IsBefore<Holiday>);
       entry != all.end() && entry->date <= last; ++entry) {
    if (!Covers(entry->date) || std::binary_search(days_.begin(), days_.end(), entry->date)) continue;
    found.push_back({entry->date, entry->name, entry->confirmed && RecordOf(entry->date)->confirmed});
  }
  return found;
}

int Calendar::TradingDays(Date first, Date last) const {
  if (last < first) return 0;
  const auto begin = std::lower_bound(days_.begin(), days_.end(), first);
  return static_cast<int>(std::upper_bound(begin, days_.end(), last) - begin);
}

int Calendar::TradingDaysInYear(int year) const {
  const std::chrono::year y(year);
  return TradingDays(Date(y / std::chrono::January / 1), Date(y / std::chrono::December / 31));
}

const std::vector<const Calendar*>& AllCalendars() {
  static const Calendar nyse("XNYS", "New York Stock Exchange", Zone::kNewYork, UsFacts());
  static const Calendar nasdaq("XNAS", "Nasdaq", Zone::kNewYork, UsFacts());
  static const Calendar nse("XNSE", "National Stock Exchange of India", Zone::kKolkata, IndiaFacts("XNSE"));
  static const Calendar bse("XBOM", "BSE (Bombay Stock Exchange)", Zone::kKolkata, IndiaFacts("XBOM"));
  static const std::vector<const Calendar*> all{&nyse, &nasdaq, &nse, &bse};
  return all;
}

const Calendar* FindCalendar(std::string_view code) {
  for (const Calendar* const calendar : AllCalendars()) {
    const std::string_view own = calendar->code();
    if (std::equal(own.begin(), own.end(), code.begin(), code.end(), [](char a, char b) { return a == ToUpper(b); })) {
      return calendar;
    }
  }
  return nullptr;
}

}  // namespace papertape::calendar

// When an exchange trades: its sessions from 2000 to 2028, in order, with their opening and closing instants, and the
// weekdays on which it stays closed, with the reason. Days are civil dates of the exchange's own time zone; instants
// are UTC. A session lasts from `open` up to, and without, `close`.
//
// The facts stand in us.def and india.def, the laws that generate facts in us_facts.cpp and india_facts.cpp. What no
// exchange has published, or what nobody has compared with what it published, is not `confirmed`, and says why.
//
// Immutable and thread-safe; everything returned lives as long as the process. Nothing fails: outside the covered dates
// there are no sessions, and `Covers` says so.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "libs/calendar/time_zone.h"
#include "libs/clock/clock.h"

namespace papertape::calendar {

// A stretch of time, from `begin` up to and without `end`.
struct Span {
  Timestamp begin;
  Timestamp end;
  friend bool operator==(const Span&, const Span&) = default;
};

// One day's trading.
struct Session {
  Date date;
  Timestamp open;
  Timestamp close;
  std::optional<Timestamp> pre_open;    // when orders are taken before `open`; absent where it is not known
  std::optional<Timestamp> post_close;  // when trading after `close` ends; absent where it is not known
  std::optional<Span> pause;            // no trading in between, on the few days that have two halves
  bool early_close = false;             // closes before the regular hour of its time
  std::string_view occasion;            // why the hours are not the regular ones; empty when they are
  bool confirmed = false;
  friend bool operator==(const Session&, const Session&) = default;
};

// A day without trading that the exchange names: a weekday, or a weekend day of which something is known.
struct Holiday {
  Date date;
  std::string_view name;
  bool confirmed = false;
  friend bool operator==(const Holiday&, const Holiday&) = default;
};

// How well the days of a year are known, and from where.
struct Record {
  int first_year = 0;
  int last_year = 0;
  bool confirmed = false;
  std::string_view source;
};

// What goes on at one moment.
enum class Phase : std::uint8_t { kClosed, kPreOpen, kRegular, kPause, kPostClose };

// "closed", "pre_open", "regular", "pause", "post_close".
std::string_view PhaseName(Phase phase);

struct Facts;

class Calendar {
 public:
  // `code` is the market identifier code (ISO 10383).
  Calendar(std::string_view code, std::string_view name, Zone zone, Facts facts);
  ~Calendar();
  Calendar(const Calendar&) = delete;
  Calendar& operator=(const Calendar&) = delete;

  [[nodiscard]] std::string_view code() const { return code_; }
  [[nodiscard]] std::string_view name() const { return name_; }
  [[nodiscard]] Zone zone() const { return zone_; }

  // The covered dates, both inclusive; the same for every exchange.
  static Date FirstDate();
  static Date LastDate();
  static bool Covers(Date date) { return FirstDate() <= date && date <= LastDate(); }

  [[nodiscard]] std::optional<Session> SessionOn(Date date) const;
  [[nodiscard]] std::optional<Holiday> HolidayOn(Date date) const;
  // How well the year of `date` is known. Null outside the covered dates.
  [[nodiscard]] const Record* RecordOf(Date date) const;
  // The records of the years from `first` to `last`, ascending.
  [[nodiscard]] std::vector<Record> Records(Date first, Date last) const;

  // The date on the exchange's own clock.
  [[nodiscard]] Date DateAt(Timestamp time) const { return calendar::DateAt(zone_, time); }
  [[nodiscard]] Phase PhaseAt(Timestamp time) const;
  [[nodiscard]] bool IsOpenAt(Timestamp time) const { return PhaseAt(time) == Phase::kRegular; }
  // The first moment after `time`, never `time` itself, at which trading begins (ends), a pause counted like a night.
  // Absent when none is covered.
  [[nodiscard]] std::optional<Timestamp> NextOpen(Timestamp time) const;
  [[nodiscard]] std::optional<Timestamp> NextClose(Timestamp time) const;

  // The nearest day of trading after (before) `date`, never `date` itself. Absent when none is covered.
  [[nodiscard]] std::optional<Date> NextTradingDay(Date date) const;
  [[nodiscard]] std::optional<Date> PreviousTradingDay(Date date) const;
  // From `first` to `last`, both inclusive, ascending; empty when `last` is before `first`.
  [[nodiscard]] std::vector<Session> Sessions(Date first, Date last) const;
  [[nodiscard]] std::vector<Holiday> Holidays(Date first, Date last) const;
  [[nodiscard]] int TradingDays(Date first, Date last) const;
  // About 252 in New York and 248 in Mumbai: what a daily figure is annualised with. 0 outside the covered years.
  [[nodiscard]] int TradingDaysInYear(int year) const;

 private:
  [[nodiscard]] Session Make(Date date) const;
  template <class Moments>
  [[nodiscard]] std::optional<Timestamp> FirstAfter(Timestamp time, Moments moments) const;

  const std::string_view code_;
  const std::string_view name_;
  const Zone zone_;
  const std::unique_ptr<const Facts> facts_;
  std::vector<Date> days_;  // of trading, ascending
};

// XNYS, XNAS, XNSE, XBOM.
const std::vector<const Calendar*>& AllCalendars();
// By market identifier code, in any case. Null for an exchange that is not here.
const Calendar* FindCalendar(std::string_view code);

}  // namespace papertape::calendar

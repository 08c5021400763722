#include "libs/calendar/calendar.h"

#include <algorithm>
#include <random>

#include "tests/unit/libs/calendar/calendar_fixtures.h"

namespace papertape::calendar {
namespace {

using std::chrono::days;
using std::chrono::microseconds;
using testing::At;
using testing::Day;
using testing::IsWeekday;
using testing::Of;
using testing::Text;

TEST_CASE("four exchanges are known, by their codes in any case") {
  CHECK(AllCalendars().size() == 4);
  CHECK(Of("XNYS").name() == "New York Stock Exchange");
  CHECK(&Of("xnse") == &Of("XNSE"));
  CHECK(ZoneName(Of("XNAS").zone()) == "America/New_York");
  CHECK(ZoneName(Of("XBOM").zone()) == "Asia/Kolkata");
  for (const char* const unknown : {"", "XNY", "XNYSE", "NYSE", "XLON"}) CHECK(FindCalendar(unknown) == nullptr);
}

TEST_CASE("the Mondays after the clock moves open at their new hour of UTC, to the microsecond") {
  struct Monday {
    const char* date;
    const char* open;
    const char* close;
    const char* friday_close;
  };
  const auto [date, open, close, friday_close] =
      GENERATE(Monday{"2006-04-03", "2006-04-03T13:30:00Z", "2006-04-03T20:00:00Z", "2006-03-31T21:00:00Z"},
               Monday{"2006-10-30", "2006-10-30T14:30:00Z", "2006-10-30T21:00:00Z", "2006-10-27T20:00:00Z"},
               Monday{"2024-03-11", "2024-03-11T13:30:00Z", "2024-03-11T20:00:00Z", "2024-03-08T21:00:00Z"},
               Monday{"2024-11-04", "2024-11-04T14:30:00Z", "2024-11-04T21:00:00Z", "2024-11-01T20:00:00Z"},
               Monday{"2026-03-09", "2026-03-09T13:30:00Z", "2026-03-09T20:00:00Z", "2026-03-06T21:00:00Z"},
               Monday{"2026-11-02", "2026-11-02T14:30:00Z", "2026-11-02T21:00:00Z", "2026-10-30T20:00:00Z"},
               Monday{"2028-03-13", "2028-03-13T13:30:00Z", "2028-03-13T20:00:00Z", "2028-03-10T21:00:00Z"},
               Monday{"2028-11-06", "2028-11-06T14:30:00Z", "2028-11-06T21:00:00Z", "2028-11-03T20:00:00Z"});
  CAPTURE(date);
  const Calendar& nyse = Of("XNYS");
  const auto session = nyse.SessionOn(Day(date));
  REQUIRE(session);
  CHECK(Text(session->open) == open);
  CHECK(Text(session->close) == close);
  CHECK_FALSE(nyse.IsOpenAt(At(open) - microseconds(1)));
  CHECK(nyse.IsOpenAt(At(open)));
  CHECK(nyse.IsOpenAt(At(close) - microseconds(1)));
  CHECK_FALSE(nyse.IsOpenAt(At(close)));
  CHECK(Text(nyse.NextOpen(At(friday_close))) == open);
  CHECK(Text(nyse.NextClose(At(friday_close) - microseconds(1))) == friday_close);
  CHECK(Text(nyse.NextClose(At(friday_close))) == close);
}

TEST_CASE("an early close ends the session at 13:00 and the late trading at 17:00") {
  const Calendar& nyse = Of("XNYS");
  const auto session = nyse.SessionOn(Day("2026-11-27"));
  REQUIRE(session);
  CHECK(session->early_close);
  CHECK(session->occasion == "Day after Thanksgiving");
  CHECK(nyse.PhaseAt(At("2026-11-27T08:59:59Z")) == Phase::kClosed);
  CHECK(nyse.PhaseAt(At("2026-11-27T09:00:00Z")) == Phase::kPreOpen);
  CHECK(nyse.PhaseAt(At("2026-11-27T14:30:00Z")) == Phase::kRegular);
  CHECK(nyse.PhaseAt(At("2026-11-27T17:59:59Z")) == Phase::kRegular);
  CHECK(nyse.PhaseAt(At("2026-11-27T18:00:00Z")) == Phase::kPostClose);
  CHECK(nyse.PhaseAt(At("2026-11-27T21:59:59Z")) == Phase::kPostClose);
  CHECK(nyse.PhaseAt(At("2026-11-27T22:00:00Z")) == Phase::kClosed);
}

TEST_CASE("Mumbai's hours are those of their time") {
  const Calendar& nse = Of("XNSE");
  for (const auto& [date, open] : {std::pair{"2009-12-31", "2009-12-31T04:25:00Z"},
                                   {"2010-01-04", "2010-01-04T03:30:00Z"},
                                   {"2010-10-15", "2010-10-15T03:30:00Z"},
                                   {"2010-10-18", "2010-10-18T03:45:00Z"},
                                   {"2026-11-20", "2026-11-20T03:45:00Z"}}) {
    CAPTURE(date);
    REQUIRE(nse.SessionOn(Day(date)));
    CHECK(Text(nse.SessionOn(Day(date))->open) == open);
    CHECK(nse.SessionOn(Day(date))->close == At(std::string(date) + "T10:00:00Z"));
  }
  CHECK(nse.PhaseAt(At("2026-11-20T03:30:00Z")) == Phase::kPreOpen);
  CHECK(nse.PhaseAt(At("2026-11-20T10:00:00Z")) == Phase::kPostClose);
  CHECK(nse.PhaseAt(At("2026-11-20T10:30:00Z")) == Phase::kClosed);
}

TEST_CASE("sessions are ordered, apart, and within their own day") {
  for (const Calendar* const calendar : AllCalendars()) {
    const std::vector<Session> sessions = calendar->Sessions(Calendar::FirstDate(), Calendar::LastDate());
    REQUIRE(sessions.size() > 7'000);
    Timestamp before = At("1999-12-31T00:00:00Z");
    for (const Session& session : sessions) {
      INFO(calendar->code() << " " << Text(session.date));
      REQUIRE(session.pre_open.value_or(session.open) > before);
      REQUIRE(session.pre_open.value_or(session.open) <= session.open);
      REQUIRE(session.open < session.close);
      REQUIRE(session.close <= session.post_close.value_or(session.close));
      if (session.pause) {
        REQUIRE(session.open < session.pause->begin);
        REQUIRE(session.pause->begin < session.pause->end);
        REQUIRE(session.pause->end < session.close);
      }
      REQUIRE(calendar->DateAt(session.open) == session.date);
      REQUIRE(calendar->DateAt(session.post_close.value_or(session.close)) == session.date);
      REQUIRE(calendar->SessionOn(session.date) == session);
      before = session.post_close.value_or(session.close);
    }
  }
}

TEST_CASE("every weekday either trades or is a holiday with a name, and never both") {
  for (const Calendar* const calendar : AllCalendars()) {
    for (Date date = Calendar::FirstDate(); date <= Calendar::LastDate(); date += days(1)) {
      INFO(calendar->code() << " " << Text(date));
      const auto holiday = calendar->HolidayOn(date);
      const bool trades = calendar->SessionOn(date).has_value();
      REQUIRE_FALSE((trades && holiday));
      if (IsWeekday(date)) REQUIRE((trades || (holiday && !holiday->name.empty())));
      REQUIRE(calendar->RecordOf(date) != nullptr);
    }
    const std::vector<Holiday> all = calendar->Holidays(Calendar::FirstDate(), Calendar::LastDate());
    CHECK(std::adjacent_find(all.begin(), all.end(),
                             [](const Holiday& a, const Holiday& b) { return a.date >= b.date; }) == all.end());
  }
}

TEST_CASE("the next open and the next close are later, and nothing opens or closes before them") {
  std::mt19937_64 random(20'261'120);
  const std::int64_t first = MicrosSinceEpoch(At("2000-01-01T00:00:00Z"));
  const std::int64_t last = MicrosSinceEpoch(At("2028-12-20T00:00:00Z"));
  std::uniform_int_distribution<std::int64_t> any(first, last);
  for (const Calendar* const calendar : AllCalendars()) {
    for (int i = 0; i < 20'000; ++i) {
      const Timestamp time = FromMicrosSinceEpoch(any(random));
      INFO(calendar->code() << " " << Text(time));
      const auto open = calendar->NextOpen(time);
      const auto close = calendar->NextClose(time);
      REQUIRE((open && close));
      REQUIRE((*open > time && *close > time));
      REQUIRE(calendar->IsOpenAt(*open));
      REQUIRE_FALSE(calendar->IsOpenAt(*open - microseconds(1)));
      REQUIRE_FALSE(calendar->IsOpenAt(*close));
      REQUIRE(calendar->IsOpenAt(*close - microseconds(1)));
      REQUIRE(calendar->IsOpenAt(time) == (*close < *open));
      REQUIRE(calendar->NextOpen(*open) > *open);
      REQUIRE(calendar->NextClose(*close) > *close);
    }
  }
}

TEST_CASE("the days of trading around a day are its neighbours") {
  const Calendar& nyse = Of("XNYS");
  CHECK(nyse.NextTradingDay(Day("2026-11-25")) == Day("2026-11-27"));  // over Thanksgiving
  CHECK(nyse.PreviousTradingDay(Day("2026-11-27")) == Day("2026-11-25"));
  CHECK(nyse.NextTradingDay(Day("2024-02-28")) == Day("2024-02-29"));
  CHECK(nyse.NextTradingDay(Day("2026-02-27")) == Day("2026-03-02"));
  CHECK(nyse.PreviousTradingDay(Day("2001-09-17")) == Day("2001-09-10"));
  CHECK(Of("XNSE").NextTradingDay(Day("2026-01-30")) == Day("2026-02-01"));  // a Sunday with the budget
  for (const Calendar* const calendar : AllCalendars()) {
    for (Date date = Day("2019-12-01"); date <= Day("2021-02-01"); date += days(1)) {
      INFO(calendar->code() << " " << Text(date));
      const auto next = calendar->NextTradingDay(date);
      REQUIRE((next && *next > date && calendar->TradingDays(date + days(1), *next) == 1));
      const auto previous = calendar->PreviousTradingDay(date);
      REQUIRE((previous && *previous < date && calendar->TradingDays(*previous, date - days(1)) == 1));
    }
  }
}

TEST_CASE("days of trading are counted from the first to the last, both with them") {
  const Calendar& nyse = Of("XNYS");
  CHECK(nyse.TradingDays(Day("2026-11-23"), Day("2026-11-27")) == 4);
  CHECK(nyse.TradingDays(Day("2026-11-26"), Day("2026-11-26")) == 0);
  CHECK(nyse.TradingDays(Day("2026-11-27"), Day("2026-11-27")) == 1);
  CHECK(nyse.TradingDays(Day("2026-11-27"), Day("2026-11-23")) == 0);
  CHECK(nyse.Sessions(Day("2026-11-27"), Day("2026-11-23")).empty());
  CHECK(nyse.TradingDays(Day("2024-02-26"), Day("2024-03-01")) == 5);  // with the 29th of February
  CHECK(nyse.SessionOn(Day("2024-02-29")));
  CHECK(nyse.TradingDaysInYear(2001) == 248);  // four days of September
  CHECK(nyse.TradingDaysInYear(2008) == 253);
  CHECK(nyse.TradingDaysInYear(1999) == 0);
  CHECK(nyse.TradingDaysInYear(2029) == 0);
  for (int year = 2000; year <= 2028; ++year) {
    CAPTURE(year);
    CHECK(nyse.TradingDaysInYear(year) >= 248);
    CHECK(nyse.TradingDaysInYear(year) <= 253);
  }
}

TEST_CASE("outside the covered years there is nothing, and the calendar says so") {
  for (const Calendar* const calendar : AllCalendars()) {
    INFO(calendar->code());
    CHECK_FALSE(Calendar::Covers(Day("1999-12-31")));
    CHECK(Calendar::Covers(Day("2000-01-01")));
    CHECK(Calendar::Covers(Day("2028-12-31")));
    CHECK_FALSE(Calendar::Covers(Day("2029-01-01")));
    CHECK_FALSE(calendar->SessionOn(Day("1999-12-30")));
    CHECK_FALSE(calendar->SessionOn(Day("2029-01-02")));
    CHECK(calendar->RecordOf(Day("2029-01-02")) == nullptr);
    CHECK_FALSE(calendar->IsOpenAt(At("2029-01-03T15:00:00Z")));
    CHECK_FALSE(calendar->NextOpen(At("2028-12-29T22:00:00Z")));
    CHECK_FALSE(calendar->NextClose(At("2028-12-29T22:00:00Z")));
    CHECK(calendar->NextTradingDay(Day("2028-12-28")) == Day("2028-12-29"));
    CHECK_FALSE(calendar->NextTradingDay(Day("2028-12-29")));
    CHECK(calendar->PreviousTradingDay(Day("2029-06-01")) == Day("2028-12-29"));
    CHECK(calendar->PreviousTradingDay(Day("2000-01-04")) == Day("2000-01-03"));
    CHECK_FALSE(calendar->PreviousTradingDay(Day("2000-01-03")));
    CHECK(Text(calendar->Sessions(Day("1990-01-01"), Day("2000-01-03")).front().date) == "2000-01-03");
  }
}

TEST_CASE("phases have names") {
  CHECK(PhaseName(Phase::kClosed) == "closed");
  CHECK(PhaseName(Phase::kPreOpen) == "pre_open");
  CHECK(PhaseName(Phase::kRegular) == "regular");
  CHECK(PhaseName(Phase::kPause) == "pause");
  CHECK(PhaseName(Phase::kPostClose) == "post_close");
}

}  // namespace
}  // namespace papertape::calendar

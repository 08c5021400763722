// The lists that the exchanges published, written down again from their own words and not from the tables.
#include "tests/unit/libs/calendar/calendar_fixtures.h"

namespace papertape::calendar {
namespace {

using testing::At;
using testing::ClosedWeekdays;
using testing::Day;
using testing::EarlyCloses;
using testing::Of;
using testing::Text;

TEST_CASE("New York keeps the days that its exchanges published for 2024 to 2028") {
  struct Year {
    int year;
    const char* closed;
    const char* early;
    int sessions;
  };
  for (const auto& [year, closed, early, sessions] : {
           Year{2024, "01-01 01-15 02-19 03-29 05-27 06-19 07-04 09-02 11-28 12-25", "07-03 11-29 12-24", 252},
           Year{2025, "01-01 01-09 01-20 02-17 04-18 05-26 06-19 07-04 09-01 11-27 12-25", "07-03 11-28 12-24", 250},
           Year{2026, "01-01 01-19 02-16 04-03 05-25 06-19 07-03 09-07 11-26 12-25", "11-27 12-24", 251},
           Year{2027, "01-01 01-18 02-15 03-26 05-31 06-18 07-05 09-06 11-25 12-24", "11-26", 251},
           Year{2028, "01-17 02-21 04-14 05-29 06-19 07-04 09-04 11-23 12-25", "07-03 11-24", 251},
       }) {
    for (const char* const code : {"XNYS", "XNAS"}) {
      CAPTURE(year, code);
      CHECK(ClosedWeekdays(Of(code), year) == closed);
      CHECK(EarlyCloses(Of(code), year) == early);
      CHECK(Of(code).TradingDaysInYear(year) == sessions);
      CHECK(Of(code).RecordOf(Day(std::to_string(year) + "-06-01"))->confirmed);
    }
  }
}

TEST_CASE("the one-off closures of New York have their names") {
  for (const auto& [date, name] : {std::pair{"2001-09-11", "September 11 attacks"},
                                   {"2001-09-14", "September 11 attacks"},
                                   {"2004-06-11", "Day of mourning for President Reagan"},
                                   {"2007-01-02", "Day of mourning for President Ford"},
                                   {"2012-10-29", "Hurricane Sandy"},
                                   {"2012-10-30", "Hurricane Sandy"},
                                   {"2018-12-05", "Day of mourning for President George H. W. Bush"},
                                   {"2025-01-09", "Day of mourning for President Carter"}}) {
    CAPTURE(date);
    const auto holiday = Of("XNYS").HolidayOn(Day(date));
    REQUIRE(holiday);
    CHECK(holiday->name == name);
    CHECK(holiday->confirmed);
    CHECK_FALSE(Of("XNAS").SessionOn(Day(date)));
  }
  CHECK(Of("XNYS").SessionOn(Day("2001-09-10")));
  CHECK(Of("XNYS").SessionOn(Day("2001-09-17")));
}

TEST_CASE("a New Year's Day on a Saturday is not kept, and any other day on a Saturday on the Friday before") {
  for (const char* const friday : {"2004-12-31", "2010-12-31", "2021-12-31", "2027-12-31"}) {
    CAPTURE(friday);
    CHECK(Of("XNYS").SessionOn(Day(friday)));
  }
  for (const auto& [date, name] : {std::pair{"2006-01-02", "New Year's Day"},  // the first was a Sunday
                                   {"2023-01-02", "New Year's Day"},
                                   {"2020-07-03", "Independence Day"},
                                   {"2021-07-05", "Independence Day"},
                                   {"2021-12-24", "Christmas Day"},
                                   {"2022-12-26", "Christmas Day"},
                                   {"2022-06-20", "Juneteenth National Independence Day"},
                                   {"2027-06-18", "Juneteenth National Independence Day"}}) {
    CAPTURE(date);
    REQUIRE(Of("XNYS").HolidayOn(Day(date)));
    CHECK(Of("XNYS").HolidayOn(Day(date))->name == name);
  }
  CHECK(Of("XNYS").SessionOn(Day("2021-06-18")));  // Juneteenth is kept since 2022
}

TEST_CASE("Good Friday follows Easter") {
  // Dates of Western Easter less two days, among them the earliest and the latest of these years.
  for (const char* const date : {"2000-04-21", "2005-03-25", "2008-03-21", "2011-04-22", "2016-03-25", "2019-04-19",
                                 "2023-04-07", "2024-03-29", "2025-04-18", "2027-03-26", "2028-04-14"}) {
    CAPTURE(date);
    REQUIRE(Of("XNYS").HolidayOn(Day(date)));
    CHECK(Of("XNYS").HolidayOn(Day(date))->name == "Good Friday");
  }
}

TEST_CASE("early closes of older years follow the rule of their time") {
  CHECK(EarlyCloses(Of("XNYS"), 2000) == "07-03 11-24");
  CHECK(EarlyCloses(Of("XNYS"), 2002) == "07-05 11-29 12-24");  // the Fourth on a Thursday: the Friday after
  CHECK(EarlyCloses(Of("XNYS"), 2003) == "07-03 11-28 12-24 12-26");
  CHECK(EarlyCloses(Of("XNYS"), 2009) == "11-27 12-24");
  CHECK(EarlyCloses(Of("XNYS"), 2012) == "07-03 11-23 12-24");
  CHECK(EarlyCloses(Of("XNYS"), 2013) == "07-03 11-29 12-24");  // the Fourth on a Thursday: the Wednesday before
  CHECK(EarlyCloses(Of("XNYS"), 2021) == "11-26");
  const auto anniversary = Of("XNYS").SessionOn(Day("2002-09-11"));
  REQUIRE(anniversary);
  CHECK(Text(anniversary->open) == "2002-09-11T16:00:00Z");
  CHECK_FALSE(anniversary->early_close);
}

TEST_CASE("Mumbai keeps the days that its exchanges published for 2024 to 2026") {
  struct Year {
    int year;
    const char* closed;
  };
  for (const auto& [year, closed] : {
           // Without 2024-11-01 and 2025-10-21, which trade for an hour.
           Year{2024,
                "01-22 01-26 03-08 03-25 03-29 04-11 04-17 05-01 05-20 06-17 07-17 08-15 10-02 11-15 11-20 12-25"},
           Year{2025, "02-26 03-14 03-31 04-10 04-14 04-18 05-01 08-15 08-27 10-02 10-22 11-05 12-25"},
           Year{2026,
                "01-15 01-26 03-03 03-26 03-31 04-03 04-14 05-01 05-28 06-26 09-14 10-02 10-20 11-10 11-24 12-25"},
       }) {
    for (const char* const code : {"XNSE", "XBOM"}) {
      CAPTURE(year, code);
      CHECK(ClosedWeekdays(Of(code), year) == closed);
      CHECK(Of(code).RecordOf(Day(std::to_string(year) + "-06-01"))->confirmed);
    }
  }
}

TEST_CASE("Mumbai's special sessions have their hours") {
  struct Special {
    const char* date;
    const char* pre_open;
    const char* open;
    const char* close;
    bool is_early;
  };
  for (const auto& [date, pre_open, open, close, is_early] : {
           Special{"2024-01-20", "2024-01-20T03:30:00Z", "2024-01-20T03:45:00Z", "2024-01-20T10:00:00Z", false},
           Special{"2024-11-01", "2024-11-01T12:15:00Z", "2024-11-01T12:30:00Z", "2024-11-01T13:30:00Z", false},
           Special{"2025-02-01", "2025-02-01T03:30:00Z", "2025-02-01T03:45:00Z", "2025-02-01T10:00:00Z", false},
           Special{"2025-10-21", "2025-10-21T08:00:00Z", "2025-10-21T08:15:00Z", "2025-10-21T09:15:00Z", true},
           Special{"2026-02-01", "2026-02-01T03:30:00Z", "2026-02-01T03:45:00Z", "2026-02-01T10:00:00Z", false},
       }) {
    CAPTURE(date);
    for (const char* const code : {"XNSE", "XBOM"}) {
      const auto session = Of(code).SessionOn(Day(date));
      REQUIRE(session);
      CHECK(Text(session->pre_open) == pre_open);
      CHECK(Text(session->open) == open);
      CHECK(Text(session->close) == close);
      CHECK(session->early_close == is_early);
      CHECK_FALSE(session->occasion.empty());
      CHECK(session->confirmed);
      CHECK_FALSE(Of(code).HolidayOn(Day(date)));
    }
  }
}

TEST_CASE("a day of two halves does not trade in between") {
  const Calendar& nse = Of("XNSE");
  // Saturday 2024-03-02: 09:15 to 10:00 and 11:30 to 12:30.
  CHECK(nse.PhaseAt(At("2024-03-02T04:29:59Z")) == Phase::kRegular);
  CHECK(nse.PhaseAt(At("2024-03-02T04:30:00Z")) == Phase::kPause);
  CHECK(nse.PhaseAt(At("2024-03-02T05:59:59Z")) == Phase::kPause);
  CHECK(nse.PhaseAt(At("2024-03-02T06:00:00Z")) == Phase::kRegular);
  CHECK(nse.PhaseAt(At("2024-03-02T07:00:00Z")) == Phase::kClosed);
  CHECK(Text(nse.NextClose(At("2024-03-02T04:00:00Z"))) == "2024-03-02T04:30:00Z");
  CHECK(Text(nse.NextOpen(At("2024-03-02T04:30:00Z"))) == "2024-03-02T06:00:00Z");
  CHECK(Text(nse.NextClose(At("2024-03-02T04:30:00Z"))) == "2024-03-02T07:00:00Z");
}

TEST_CASE("what no exchange has published is said to be unconfirmed") {
  const Calendar& nse = Of("XNSE");
  for (const char* const date : {"2000-06-01", "2023-12-29", "2027-06-01", "2028-12-29"}) {
    CAPTURE(date);
    REQUIRE(nse.SessionOn(Day(date)));
    CHECK_FALSE(nse.SessionOn(Day(date))->confirmed);
    CHECK_FALSE(nse.RecordOf(Day(date))->source.empty());
  }
  // Only the national holidays that fall on weekdays.
  CHECK(ClosedWeekdays(nse, 2027) == "01-26");
  CHECK(ClosedWeekdays(nse, 2028) == "01-26 05-01 08-15 10-02 12-25");
  // A Muhurat session of which the hours are not known: not a session, and not passed over in silence.
  const auto muhurat = nse.HolidayOn(Day("2026-11-08"));
  REQUIRE(muhurat);
  CHECK_FALSE(muhurat->confirmed);
  CHECK_FALSE(nse.SessionOn(Day("2026-11-08")));
}

}  // namespace
}  // namespace papertape::calendar

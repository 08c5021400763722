// The calendar against days and minutes at which something was really traded.
#include <fstream>
#include <optional>
#include <set>
#include <string>

#include "tests/unit/libs/calendar/calendar_fixtures.h"

namespace papertape::calendar {
namespace {

using std::chrono::days;
using std::chrono::minutes;
using testing::Day;
using testing::IsWeekday;
using testing::Of;
using testing::Text;

// The first column of a CSV file of the recorded data beside the source tree, without its header; nothing, with a
// message, where the machine has none.
std::optional<std::vector<std::string>> FirstColumn(const std::string& name) {
  for (const char* const up : {"/../shared/data/", "/../../shared/data/"}) {
    std::ifstream file(PAPERTAPE_SOURCE_DIR + std::string(up) + name);
    if (!file) continue;
    std::vector<std::string> column;
    std::string line;
    for (std::getline(file, line); std::getline(file, line);) column.push_back(line.substr(0, line.find(',')));
    return column;
  }
  WARN("skipped: shared/data/" << name << " is not beside the source tree");
  return std::nullopt;
}

// Weekdays between the first and the last of `dates` that are not among them, and that the calendar takes for sessions.
std::string SessionsWithoutBars(const Calendar& calendar, const std::vector<std::string>& dates) {
  const std::set<std::string> barred(dates.begin(), dates.end());
  std::string found;
  for (Date date = Day(dates.front()); date <= Day(dates.back()); date += days(1)) {
    if (IsWeekday(date) && calendar.SessionOn(date) && barred.count(Text(date)) == 0) {
      found += (found.empty() ? "" : " ") + Text(date);
    }
  }
  return found;
}

// Dates with a bar that the calendar takes for no session.
std::string BarsWithoutSessions(const Calendar& calendar, const std::vector<std::string>& dates) {
  std::string found;
  for (const std::string& date : dates) {
    if (!calendar.SessionOn(Day(date))) found += (found.empty() ? "" : " ") + date;
  }
  return found;
}

TEST_CASE("twenty years of the S&P 500 have a bar for each session of New York and for no other day") {
  const auto dates = FirstColumn("daily/^GSPC.csv");
  if (!dates) return;
  REQUIRE(dates->size() == 5'105);
  for (const char* const code : {"XNYS", "XNAS"}) {
    CHECK(SessionsWithoutBars(Of(code), *dates).empty());
    CHECK(BarsWithoutSessions(Of(code), *dates).empty());
    CHECK(Of(code).TradingDays(Day(dates->front()), Day(dates->back())) == 5'105);
  }
}

TEST_CASE("the stocks of New York have a bar for each session of theirs") {
  for (const char* const name : {"AAPL", "MSFT", "IBM", "GOOG", "FB"}) {
    const auto dates = FirstColumn(std::string("daily/") + name + ".csv");
    if (!dates) return;
    CAPTURE(name);
    CHECK(SessionsWithoutBars(Of("XNAS"), *dates).empty());
    CHECK(BarsWithoutSessions(Of("XNAS"), *dates).empty());
  }
}

TEST_CASE("a stock of Mumbai has its bars of 2010 and 2011 on days of trading") {
  const auto dates = FirstColumn("daily/CCCL.NS.csv");
  if (!dates) return;
  CHECK(BarsWithoutSessions(Of("XNSE"), *dates).empty());
  // Two Muhurat sessions, which these bars leave out, and a day on which this small stock has none.
  CHECK(SessionsWithoutBars(Of("XNSE"), *dates) == "2010-11-05 2011-10-26 2011-12-27");
}

TEST_CASE("the recorded minutes of Mumbai lie within its hours and fill them") {
  for (const char* const name : {"minute/^NSEI.csv", "minute/YESBANK.NS.csv"}) {
    const auto times = FirstColumn(name);
    if (!times) return;
    CAPTURE(name);
    const Calendar& nse = Of("XNSE");
    std::set<Timestamp> regular;
    std::set<Date> dates;
    for (const std::string& text : *times) {
      CAPTURE(text);
      const Timestamp time = *ParseRfc3339(text);
      REQUIRE(nse.PhaseAt(time) != Phase::kClosed);  // an index prints its auction and its closing price as well
      dates.insert(nse.DateAt(time));
      if (nse.IsOpenAt(time)) regular.insert(time);
    }
    CHECK(regular.size() == dates.size() * 375);
    for (const Date date : dates) {
      REQUIRE(nse.SessionOn(date));
      CHECK(regular.count(nse.SessionOn(date)->open) == 1);
      CHECK(regular.count(nse.SessionOn(date)->close - minutes(1)) == 1);
    }
  }
}

}  // namespace
}  // namespace papertape::calendar

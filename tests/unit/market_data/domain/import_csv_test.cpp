#include "services/market_data/domain/import_csv.h"

#include "tests/support/matchers.h"
#include "tests/unit/market_data/market_fixtures.h"

namespace papertape::market {
namespace {

using papertape::testing::IsOk;
using papertape::testing::NamesField;
using testing::ABar;
using testing::At;
using testing::Day;

ImportRows Read(std::string_view text, const ImportFormat& format = {}) {
  auto read = ReadImportCsv(text, format);
  REQUIRE_THAT(read.status(), IsOk());
  return *std::move(read);
}

TEST_CASE("a file of bars is read by the names of its columns, in any order and case") {
  const ImportRows read = Read(
      "\xEF\xBB\xBF\"Date\",Volume,close,LOW,high,open,Ticker,note\r\n"
      "2024-05-06,100,11,9,12,10,aapl,hello\r\n\r\n"
      "2024-05-07,\"1e3\",12,10,13,11,^gspc,\r\n");
  REQUIRE(read.rows.size() == 2);
  CHECK(read.refused.empty());
  CHECK(read.rows[0].line == 2);
  CHECK(read.rows[0].symbol == "AAPL");
  CHECK(read.rows[0].bar == ABar(Day("2024-05-06"), 10, 12, 9, 11, 100));
  CHECK(read.rows[1].line == 4);
  CHECK(read.rows[1].symbol == "^GSPC");
  CHECK(read.rows[1].bar.volume == 1'000);
}

TEST_CASE("every line that does not read is told by its number and why, and the others are read") {
  const ImportRows read = Read(
      "symbol,date,open,high,low,close,volume\n"
      "AAPL,2024-05-06,10,12,9,11,100\n"
      "AAPL,06/05/2024,10,12,9,11,100\n"
      "AAPL,2024-05-07,10,12,9,eleven,100\n"
      "AAPL,2024-05-08,10,12\n"
      "A PPL,2024-05-08,10,12,9,11,100\n" +
      std::string(2'000, 'x') +
      "\n"
      "AAPL,2024-05-08,10,12,9,11,some\n"
      "AAPL,2024-05-09,10,12,9,11,100\n");
  CHECK(read.rows.size() == 2);
  CHECK(read.refused == std::vector<RefusedRow>{{3, "AAPL", "malformed", "`06/05/2024` is not a day"},
                                                {4, "AAPL", "malformed", "`eleven` is not a price"},
                                                {5, "AAPL", "malformed", "4 fields where the header has 7"},
                                                {6, "A PPL", "malformed", "`A PPL` is not a symbol"},
                                                {7, "", "malformed", "longer than 1024 bytes"},
                                                {8, "AAPL", "malformed", "`some` is not a volume"}});
}

TEST_CASE("one symbol for all lines stands in for the column") {
  const ImportRows read = Read("date,open,high,low,close\n2024-05-06,10,12,9,11\n", {.symbol = "IBM"});
  REQUIRE(read.rows.size() == 1);
  CHECK(read.rows[0].symbol == "IBM");
  CHECK(read.rows[0].bar.volume == 0);
}

TEST_CASE("a header that does not say what the columns are refuses the file") {
  for (const char* const text : {"", "2024-05-06,10,12,9,11\n", "symbol,date,open,high,low\n",
                                 "symbol,date,time,open,high,low,close\n", "date,open,high,low,close\n"}) {
    CAPTURE(text);
    CHECK_THAT(ReadImportCsv(text, {}).status(), NamesField("csv"));
  }
}

Timestamp MinuteOf(const char* time, const char* zone) {
  const ImportRows read = Read(std::string("symbol,time,open,high,low,close\nAAPL,") + time + ",1,1,1,1\n",
                               {.interval = Interval::kMinute, .clock = *WallClock::Named(zone)});
  REQUIRE(read.rows.size() == 1);
  return read.rows[0].bar.time;
}

TEST_CASE("times without an offset are read by the clock of the zone that is named") {
  CHECK(MinuteOf("2024-05-06 09:15", "UTC") == At("2024-05-06T09:15:00Z"));
  CHECK(MinuteOf("2024-05-06T09:15:30", "Asia/Kolkata") == At("2024-05-06T03:45:30Z"));
  CHECK(MinuteOf("2024-01-05 09:30", "America/New_York") == At("2024-01-05T14:30:00Z"));
  CHECK(MinuteOf("2024-07-05 09:30", "America/New_York") == At("2024-07-05T13:30:00Z"));
  CHECK(MinuteOf("2024-05-06 09:15", "-03:30") == At("2024-05-06T12:45:00Z"));
}

TEST_CASE("a time with an offset of its own is meant as it is written") {
  CHECK(MinuteOf("2024-05-06T09:15:00+05:30", "America/New_York") == At("2024-05-06T03:45:00Z"));
  CHECK(MinuteOf("2024-05-06T09:15:00Z", "Asia/Kolkata") == At("2024-05-06T09:15:00Z"));
}

TEST_CASE("a bar of a day is named by the day that its line writes, whatever the zone") {
  for (const char* const day : {"2024-05-06", "2024-05-06 00:00:00", "2024-05-06T20:00"}) {
    const ImportRows read = Read(std::string("symbol,date,open,high,low,close\nAAPL,") + day + ",1,1,1,1\n",
                                 {.clock = *WallClock::Named("Asia/Kolkata")});
    REQUIRE(read.rows.size() == 1);
    CHECK(read.rows[0].bar.time == Day("2024-05-06"));
  }
}

TEST_CASE("zones are known by name or by offset, and others are not guessed") {
  for (const char* const name : {"", "UTC", "America/New_York", "Asia/Kolkata", "+05:30", "-11:00", "+00:00"}) {
    CHECK(WallClock::Named(name));
  }
  for (const char* const name : {"EST", "Europe/London", "05:30", "+5:30", "+05:60", "+16:00", "+-1:00", "+0530 "}) {
    CHECK_FALSE(WallClock::Named(name));
  }
}

}  // namespace
}  // namespace papertape::market

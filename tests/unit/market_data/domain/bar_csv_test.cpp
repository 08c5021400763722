#include "services/market_data/domain/bar_csv.h"

#include <string>

#include "tests/support/matchers.h"
#include "tests/unit/market_data/market_fixtures.h"

namespace papertape::market {
namespace {

using Catch::Matchers::Contains;
using papertape::testing::HasReason;
using papertape::testing::IsOk;
using testing::ABar;
using testing::At;
using testing::Day;
using testing::Dollars;

std::string MessageFor(std::string_view csv) {
  const auto bars = ParseBarCsv(csv);
  REQUIRE_THAT(bars.status(), HasReason(Reason::kINVALID_ARGUMENT));
  return std::string(MessageOf(bars.status()));
}

TEST_CASE("daily bars are read by the names of their columns, in any order") {
  const auto bars = ParseBarCsv(
      "Date,Close,Low,High,Open,AdjClose,Volume\r\n"
      "2000-01-03,1455.219971,1438.359985,1478.000000,1469.250000,1400.5,931800000\r\n"
      "\n"
      "2000-01-04,1399.420044,1397.430054,1455.219971,1455.219971,1399.420044,1009000000");
  REQUIRE_THAT(bars.status(), IsOk());
  REQUIRE(bars->size() == 2);
  CHECK(bars->front().time == Day("2000-01-03"));
  CHECK(bars->front().open == Price::FromMicros(1'469'250'000));
  CHECK(bars->front().close == Price::FromMicros(1'455'219'971));
  CHECK(bars->front().adjusted_close == Dollars(1400.5));
  CHECK(bars->front().volume == 931'800'000);
}

TEST_CASE("minute bars are moments in any offset; volume and adjusted close may be absent") {
  const auto bars = ParseBarCsv("timestamp_ist,open,high,low,close\n2019-01-01T09:15:00+05:30,10,12,9,11\n");
  REQUIRE_THAT(bars.status(), IsOk());
  CHECK(bars->front() == ABar(At("2019-01-01T03:45:00Z"), 10, 12, 9, 11));
}

TEST_CASE("a wrong line is named with what is wrong about it") {
  const std::string header = "date,open,high,low,close,volume\n2020-01-02,10,12,9,11,5\n";
  CHECK_THAT(MessageFor(header + "2020-01-03,10,12,9\n"), Contains("line 3") && Contains("4 fields"));
  CHECK_THAT(MessageFor(header + "2020-13-03,10,12,9,11,5\n"), Contains("line 3") && Contains("2020-13-03"));
  CHECK_THAT(MessageFor(header + "2020-01-03,abc,12,9,11,5\n"), Contains("line 3") && Contains("`abc` is not a price"));
  CHECK_THAT(MessageFor(header + "2020-01-03,nan,12,9,11,5\n"), Contains("is not a price"));
  CHECK_THAT(MessageFor(header + "2020-01-03,0,12,0,11,5\n"), Contains("`0` is not a price"));
  CHECK_THAT(MessageFor(header + "2020-01-03,-10,12,9,11,5\n"), Contains("`-10` is not a price"));
  CHECK_THAT(MessageFor(header + "2020-01-03,10,12,9,11,-5\n"), Contains("`-5` is not a volume"));
  CHECK_THAT(MessageFor(header + "2020-01-03,13,12,9,11,5\n"), Contains("not between low and high"));
  CHECK_THAT(MessageFor(header + "2020-01-02,10,12,9,11,5\n"), Contains("line 3") && Contains("not after"));
  CHECK_THAT(MessageFor(header + std::string(2000, 'x')), Contains("line 3") && Contains("longer than 1024 bytes"));
}

TEST_CASE("a header without a needed column, or with one twice, is refused") {
  CHECK_THAT(MessageFor(""), Contains("is empty"));
  CHECK_THAT(MessageFor("date,open,high,low\n"), Contains("no column `close`"));
  CHECK_THAT(MessageFor("date,timestamp,open,high,low,close\n"), Contains("two columns"));
}

TEST_CASE("the recorded files read whole") {
  PT_SHARED_DATA_OR_SKIP(daily, "daily/^GSPC.csv");
  const auto bars = ParseBarCsv(*daily);
  REQUIRE_THAT(bars.status(), IsOk());
  REQUIRE(bars->size() == 5105);
  CHECK(bars->back().time == Day("2020-04-17"));
  PT_SHARED_DATA_OR_SKIP(minute, "minute/^NSEI.csv");
  const auto minutes = ParseBarCsv(*minute);
  REQUIRE_THAT(minutes.status(), IsOk());
  CHECK(minutes->size() == 1509);
  CHECK(minutes->front().time == At("2019-01-01T03:37:00Z"));
}

}  // namespace
}  // namespace papertape::market

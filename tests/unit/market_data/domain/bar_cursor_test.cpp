#include "services/market_data/domain/bar_cursor.h"

#include "tests/support/catch.h"
#include "tests/unit/market_data/market_fixtures.h"

namespace papertape::market {
namespace {

using testing::Day;

TEST_CASE("a cursor reads back the position it was made of") {
  const Timestamp position = Day("2020-01-31");
  CHECK(ReadBarCursor(MakeBarCursor("^GSPC", Interval::kDay, position), "^GSPC", Interval::kDay) == position);
  const Timestamp early = FromMicrosSinceEpoch(-86'400'000'000);
  CHECK(ReadBarCursor(MakeBarCursor("AAPL", Interval::kMinute, early), "AAPL", Interval::kMinute) == early);
}

TEST_CASE("a cursor of another list is none") {
  const std::string cursor = MakeBarCursor("AAPL", Interval::kDay, Day("2020-01-31"));
  CHECK_FALSE(ReadBarCursor(cursor, "MSFT", Interval::kDay));
  CHECK_FALSE(ReadBarCursor(cursor, "AAPL", Interval::kWeek));
}

TEST_CASE("what is not a cursor is refused") {
  const std::string cursor = MakeBarCursor("AAPL", Interval::kDay, Day("2020-01-31"));
  CHECK_FALSE(ReadBarCursor("", "AAPL", Interval::kDay));
  CHECK_FALSE(ReadBarCursor("2020-01-31", "AAPL", Interval::kDay));
  CHECK_FALSE(ReadBarCursor(cursor.substr(0, 12), "AAPL", Interval::kDay));
  CHECK_FALSE(ReadBarCursor(cursor + cursor, "AAPL", Interval::kDay));
  CHECK_FALSE(ReadBarCursor(std::string(100'000, 'A'), "AAPL", Interval::kDay));
}

}  // namespace
}  // namespace papertape::market

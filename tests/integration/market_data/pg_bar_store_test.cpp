#include "services/market_data/store/pg_bar_store.h"

#include <chrono>

#include "services/market_data/domain/bar_csv.h"
#include "tests/integration/market_data/market_database.h"
#include "tests/support/matchers.h"
#include "tests/unit/market_data/market_fixtures.h"

namespace papertape::market {
namespace {

using papertape::testing::IsOk;
using testing::ABar;
using testing::At;
using testing::Day;
using testing::Dollars;
using testing::MarketDatabase;

// Every day from Monday 2020-01-06 on, closing at 101, 102, ...
std::vector<Bar> Days(int count) {
  std::vector<Bar> bars;
  for (int i = 0; i < count; ++i) {
    bars.push_back(ABar(Day("2020-01-06") + std::chrono::days(i), 100 + i, 103 + i, 99 + i, 101 + i, 10));
  }
  return bars;
}

struct ABarStore : MarketDatabase {
  std::int64_t Add(const std::vector<Bar>& days) {
    const auto added = bars.AddMissing("AAPL", Interval::kDay, days, "test");
    REQUIRE_THAT(added.status(), IsOk());
    return *added;
  }
  BarPage List(const BarQuery& query) {
    auto page = bars.List(query);
    REQUIRE_THAT(page.status(), IsOk());
    return *page;
  }
};

TEST_CASE_METHOD(ABarStore, "bars read back as they were written, to the last digit") {
  Bar bar = ABar(At("2019-01-01T03:45:00Z"), 1469.25, 1478, 1438.359985, 1455.219971, 9'007'199'254'740'993);
  bar.adjusted_close = Price::FromMicros(1);
  REQUIRE_THAT(bars.AddMissing("^GSPC", Interval::kMinute, {bar}, "recorder").status(), IsOk());
  const BarPage page = List({.symbol = "^GSPC", .interval = Interval::kMinute});
  CHECK(page.bars == std::vector<Bar>{bar});
  CHECK(page.source == "recorder");
}

TEST_CASE_METHOD(ABarStore, "adding again adds only what is missing and changes nothing that is there") {
  CHECK(Add(Days(10)) == 10);
  CHECK(Add(Days(10)) == 0);
  std::vector<Bar> more = Days(12);
  more[3].close = Dollars(102.5);
  CHECK(Add(more) == 2);
  CHECK(List({.symbol = "AAPL"}).bars == Days(12));
  CHECK(Add({}) == 0);
}

TEST_CASE_METHOD(ABarStore, "without a start the newest bars come, ascending") {
  Add(Days(30));
  const BarPage page = List({.symbol = "AAPL", .limit = 3});
  const std::vector<Bar> days = Days(30);
  CHECK(page.bars == std::vector<Bar>(days.end() - 3, days.end()));
  CHECK_FALSE(page.resume);
  const BarPage before = List({.symbol = "AAPL", .until = Day("2020-01-15"), .limit = 2});
  CHECK(before.bars == std::vector<Bar>(days.begin() + 8, days.begin() + 10));
}

TEST_CASE_METHOD(ABarStore, "pages by cursor give every bar once, whatever their size") {
  Add(Days(30));
  for (const std::int64_t limit : {1, 7, 10, 29, 30, 31}) {
    CAPTURE(limit);
    std::vector<Bar> collected;
    BarQuery query{.symbol = "AAPL", .from = Day("2020-01-06"), .limit = limit};
    for (int pages = 0; pages <= 31; ++pages) {
      const BarPage page = List(query);
      collected.insert(collected.end(), page.bars.begin(), page.bars.end());
      query.after = page.resume;
      if (!page.resume) break;
    }
    CHECK(collected == Days(30));
  }
}

TEST_CASE_METHOD(ABarStore, "start and end are inclusive and hold for the pages that follow") {
  Add(Days(30));
  BarQuery query{.symbol = "AAPL", .from = Day("2020-01-08"), .until = Day("2020-01-11"), .limit = 3};
  const BarPage first = List(query);
  REQUIRE(first.bars.size() == 3);
  CHECK(first.bars.front().time == Day("2020-01-08"));
  query.after = first.resume;
  const BarPage second = List(query);
  REQUIRE(second.bars.size() == 1);
  CHECK(second.bars.front().time == Day("2020-01-11"));
  CHECK_FALSE(second.resume);
}

TEST_CASE_METHOD(ABarStore, "symbols and intervals are apart, and without data the list is empty") {
  Add(Days(5));
  CHECK(List({.symbol = "MSFT"}).bars.empty());
  CHECK(List({.symbol = "AAPL", .interval = Interval::kMinute}).bars.empty());
  CHECK(List({.symbol = "AAPL", .interval = Interval::kMinute}).source.empty());
}

TEST_CASE_METHOD(ABarStore, "weeks are made of days: first open, highest, lowest, last close, all the volume") {
  Add(Days(17));  // two whole weeks and Monday to Wednesday
  const BarPage page = List({.symbol = "AAPL", .interval = Interval::kWeek});
  REQUIRE(page.bars.size() == 3);
  CHECK(page.bars[0] == ABar(Day("2020-01-06"), 100, 109, 99, 107, 70));
  CHECK(page.bars[2] == ABar(Day("2020-01-20"), 114, 119, 113, 117, 30));
  CHECK(page.source == "test");
}

TEST_CASE_METHOD(ABarStore, "weeks page by cursor too, and a range takes whole weeks") {
  Add(Days(70));
  BarQuery query{.symbol = "AAPL", .interval = Interval::kWeek, .from = Day("2020-01-16"), .until = Day("2020-02-12")};
  const BarPage whole = List(query);
  REQUIRE(whole.bars.size() == 5);
  CHECK(whole.bars.front().time == Day("2020-01-13"));
  CHECK(whole.bars.back() == ABar(Day("2020-02-10"), 135, 144, 134, 142, 70));
  std::vector<Bar> collected;
  query.limit = 2;
  do {
    const BarPage page = List(query);
    collected.insert(collected.end(), page.bars.begin(), page.bars.end());
    query.after = page.resume;
  } while (query.after && collected.size() < 10);
  CHECK(collected == whole.bars);
}

TEST_CASE_METHOD(ABarStore, "everybody who recorded a bar of a page is named") {
  Add(Days(2));
  REQUIRE_THAT(bars.AddMissing("AAPL", Interval::kDay, Days(9), "another").status(), IsOk());
  CHECK(List({.symbol = "AAPL"}).source == "another, test");
  CHECK(List({.symbol = "AAPL", .limit = 1}).source == "another");
  CHECK(List({.symbol = "AAPL", .interval = Interval::kWeek}).source == "another, test");
  CHECK(List({.symbol = "MSFT"}).source.empty());
}

TEST_CASE_METHOD(ABarStore, "the S&P 500 of twenty years goes in and comes out whole") {
  PT_SHARED_DATA_OR_SKIP(csv, "daily/^GSPC.csv");
  const auto recorded = ParseBarCsv(*csv);
  REQUIRE_THAT(recorded.status(), IsOk());
  REQUIRE(*bars.AddMissing("^GSPC", Interval::kDay, *recorded, "vega-datasets") == 5'105);
  std::vector<Bar> collected;
  BarQuery query{.symbol = "^GSPC", .from = Day("2000-01-01"), .limit = 1'000};
  do {
    const BarPage page = List(query);
    collected.insert(collected.end(), page.bars.begin(), page.bars.end());
    query.after = page.resume;
  } while (query.after && collected.size() < 6'000);
  CHECK(collected == *recorded);
}

}  // namespace
}  // namespace papertape::market

#include "services/market_data/domain/derived_bars.h"

#include <algorithm>
#include <chrono>
#include <map>

#include "tests/support/matchers.h"
#include "tests/unit/market_data/market_fixtures.h"

namespace papertape::market {
namespace {

using namespace std::chrono_literals;
using papertape::testing::IsOk;
using testing::ABar;
using testing::At;

const Timestamp kNine = At("2026-11-20T09:00:00Z");

// Answers like the real one, from bars in memory.
class MemoryBars : public BarStore {
 public:
  std::map<Interval, std::vector<Bar>> bars;
  absl::StatusOr<BarPage> List(const BarQuery& query) override {
    BarPage page;
    for (const Bar& bar : bars[query.interval]) {
      if (query.from && bar.time < *query.from) continue;
      if (query.until && bar.time > *query.until) continue;
      if (query.after && bar.time <= *query.after) continue;
      page.bars.push_back(bar);
    }
    const auto limit = static_cast<std::size_t>(query.limit);
    if (page.bars.size() > limit && (query.from || query.after)) {
      page.bars.resize(limit);
      page.resume = page.bars.back().time;
    } else if (page.bars.size() > limit) {
      page.bars.erase(page.bars.begin(), page.bars.end() - static_cast<std::ptrdiff_t>(limit));
    }
    if (!page.bars.empty()) page.source = "finnhub";
    return page;
  }
  absl::StatusOr<std::int64_t> AddMissing(const std::string&, Interval, const std::vector<Bar>&,
                                          const std::string&) override {
    return 0;
  }
};

struct SomeMinutes {
  MemoryBars recorded;
  DerivedBars derived{recorded};
  SomeMinutes() {
    for (int i = 0; i < 60; ++i) {
      if (i == 7) continue;  // nobody traded
      recorded.bars[Interval::kMinute].push_back(ABar(kNine + i * 1min, 100 + i, 101 + i, 99 + i, 100.5 + i, 10));
    }
  }
  std::vector<Bar> List(BarQuery query) {
    query.symbol = "AAPL";
    query.interval = Interval::kFiveMinutes;
    const auto page = derived.List(query);
    REQUIRE_THAT(page.status(), IsOk());
    CHECK(page->source == "finnhub");
    return page->bars;
  }
};

TEST_CASE_METHOD(SomeMinutes, "five minutes are made of the minutes that there are") {
  const std::vector<Bar> bars = List({});
  REQUIRE(bars.size() == 12);
  CHECK(bars[0] == ABar(kNine, 100, 105, 99, 104.5, 50));
  CHECK(bars[1] == ABar(kNine + 5min, 105, 110, 104, 109.5, 40));
}

TEST_CASE_METHOD(SomeMinutes, "the newest are whole bars, however many are asked for") {
  const std::vector<Bar> bars = List({.limit = 2});
  REQUIRE(bars.size() == 2);
  CHECK(bars[0] == ABar(kNine + 50min, 150, 155, 149, 154.5, 50));
}

TEST_CASE_METHOD(SomeMinutes, "pages follow each other without a gap, and begin at a whole bar") {
  BarQuery query{.symbol = "AAPL", .interval = Interval::kFiveMinutes, .from = kNine + 3min, .limit = 5};
  std::vector<Bar> read;
  int pages = 0;
  while (true) {
    const auto page = derived.List(query);
    REQUIRE_THAT(page.status(), IsOk());
    read.insert(read.end(), page->bars.begin(), page->bars.end());
    ++pages;
    if (!page->resume) break;
    query.after = page->resume;
  }
  CHECK(pages == 3);
  REQUIRE(read.size() == 11);
  CHECK(read.front().time == kNine + 5min);
  CHECK(std::is_sorted(read.begin(), read.end(), [](const Bar& a, const Bar& b) { return a.time < b.time; }));
  CHECK(read.back() == ABar(kNine + 55min, 155, 160, 154, 159.5, 50));
}

TEST_CASE_METHOD(SomeMinutes, "what is recorded in its own length is answered as it is") {
  recorded.bars[Interval::kFiveMinutes] = {ABar(kNine, 1, 1, 1, 1)};
  CHECK(List({}) == recorded.bars[Interval::kFiveMinutes]);
}

}  // namespace
}  // namespace papertape::market

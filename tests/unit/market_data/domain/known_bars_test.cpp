#include "services/market_data/domain/known_bars.h"

#include "libs/clock/fake_clock.h"
#include "tests/support/catch.h"
#include "tests/unit/market_data/market_fixtures.h"

namespace papertape::market {
namespace {

using testing::At;
using testing::Day;

// Keeps what it was asked.
class Asked : public BarReader {
 public:
  std::vector<BarQuery> queries;
  absl::StatusOr<BarPage> List(const BarQuery& query) override {
    queries.push_back(query);
    return BarPage();
  }
};

struct AReader {
  FakeClock clock;
  QuoteBook book{std::chrono::seconds(5), clock};
  Asked bars;
  KnownBars known{bars, book};
  AReader() { known.Admit({{.symbol = "AAPL", .exchange = "XNAS"}}); }
};

TEST_CASE("a day is over at its close, a short one earlier, and is the one before until then") {
  CHECK(LastOver(Interval::kDay, "XNYS", At("2008-10-02T19:59:59.999999Z")) == Day("2008-10-01"));
  CHECK(LastOver(Interval::kDay, "XNYS", At("2008-10-02T20:00:00Z")) == Day("2008-10-02"));
  CHECK(LastOver(Interval::kDay, "XNYS", At("2008-11-28T18:00:00Z")) == Day("2008-11-28"));
  CHECK(LastOver(Interval::kDay, "XNYS", At("2008-10-06T13:30:00Z")) == Day("2008-10-03"));
  CHECK(LastOver(Interval::kDay, "MOON", At("2008-10-06T13:30:00Z")) == Day("2008-10-05"));
}

TEST_CASE("a week is over when nothing of it is left, also when its Friday is a holiday") {
  CHECK(LastOver(Interval::kWeek, "XNYS", At("2008-10-03T19:59:00Z")) == Day("2008-09-22"));
  CHECK(LastOver(Interval::kWeek, "XNYS", At("2008-10-03T20:00:00Z")) == Day("2008-09-29"));
  CHECK(LastOver(Interval::kWeek, "XNYS", At("2008-03-20T20:00:00Z")) == Day("2008-03-17"));  // before Good Friday
}

TEST_CASE("a shorter bar is over when its length has passed") {
  CHECK(LastOver(Interval::kMinute, "XNYS", At("2008-10-02T14:00:59Z")) == At("2008-10-02T13:59:00Z"));
  CHECK(LastOver(Interval::kHour, "XNYS", At("2008-10-02T15:00:00Z")) == At("2008-10-02T14:00:00Z"));
}

TEST_CASE_METHOD(AReader, "in a session nobody reads what is not over, nor with what was known only later") {
  book.Turn({.session = 1, .clock = At("2008-10-02T15:00:00Z")});
  REQUIRE(known.List({.symbol = "AAPL", .as_of = Day("2020-01-01")}).ok());
  CHECK(bars.queries.back().until == Day("2008-10-01"));
  CHECK(bars.queries.back().as_of == At("2008-10-02T15:00:00Z"));
  REQUIRE(known.List({.symbol = "AAPL", .until = Day("2008-09-15"), .as_of = Day("2008-09-15")}).ok());
  CHECK(bars.queries.back().until == Day("2008-09-15"));
  CHECK(bars.queries.back().as_of == Day("2008-09-15"));
  const std::size_t asked = bars.queries.size();
  CHECK(known.List({.symbol = "AAPL", .from = Day("2008-10-02")})->bars.empty());
  CHECK(bars.queries.size() == asked);
}

TEST_CASE_METHOD(AReader, "in the live market everything that is recorded is known") {
  REQUIRE(known.List({.symbol = "AAPL"}).ok());
  CHECK_FALSE(bars.queries.back().until.has_value());
}

}  // namespace
}  // namespace papertape::market

#include "services/market_data/rpc/market_messages.h"

#include "services/market_data/domain/bar_cursor.h"
#include "tests/support/matchers.h"
#include "tests/unit/market_data/market_fixtures.h"

namespace papertape::market {
namespace {

using papertape::testing::HasReason;
using papertape::testing::IsOk;
using papertape::testing::NamesField;
using testing::AQuote;
using testing::At;
using testing::Day;
using testing::Dollars;

pb::ListPricesRequest PricesOf(const std::string& symbol) {
  pb::ListPricesRequest request;
  request.set_symbol(symbol);
  return request;
}

TEST_CASE("a bare request for prices asks for the newest 500 days") {
  const auto query = Decode(PricesOf(".nsei"));
  REQUIRE_THAT(query.status(), IsOk());
  CHECK(query->symbol == "^NSEI");
  CHECK(query->interval == Interval::kDay);
  CHECK(query->limit == 500);
  CHECK_FALSE(query->from);
  CHECK_FALSE(query->until);
  CHECK_FALSE(query->after);
}

TEST_CASE("start and end are days or moments, and the last day is whole") {
  pb::ListPricesRequest request = PricesOf("AAPL");
  request.set_start("2020-01-31");
  request.set_end("2020-02-01");
  auto query = Decode(request);
  REQUIRE_THAT(query.status(), IsOk());
  CHECK(query->from == Day("2020-01-31"));
  CHECK(query->until == Day("2020-02-02") - std::chrono::microseconds(1));
  request.set_end("2020-02-01T09:30:00+05:30");
  query = Decode(request);
  REQUIRE_THAT(query.status(), IsOk());
  CHECK(query->until == At("2020-02-01T04:00:00Z"));
}

TEST_CASE("every wrong field is named at once") {
  pb::ListPricesRequest request = PricesOf("AAPL");
  request.set_start("yesterday");
  request.set_end("2020-02-30");
  request.set_interval("2d");
  request.set_limit(5'001);
  request.set_adjusted("maybe");
  request.set_as_of("someday");
  const absl::Status status = Decode(request).status();
  CHECK_THAT(status, HasReason(Reason::kINVALID_ARGUMENT));
  for (const char* const field : {"start", "end", "interval", "limit", "adjusted", "as_of"})
    CHECK_THAT(status, NamesField(field));
}

TEST_CASE("an end before the start and a negative limit are refused") {
  pb::ListPricesRequest request = PricesOf("AAPL");
  request.set_start("2020-02-02");
  request.set_end("2020-02-01");
  request.set_limit(-1);
  const absl::Status status = Decode(request).status();
  CHECK_THAT(status, NamesField("end"));
  CHECK_THAT(status, NamesField("limit"));
}

TEST_CASE("a cursor belongs to its own list") {
  pb::ListPricesRequest request = PricesOf("AAPL");
  request.set_cursor(MakeBarCursor("AAPL", Interval::kDay, Day("2020-01-31")));
  CHECK(Decode(request)->after == Day("2020-01-31"));
  request.set_interval("1w");
  CHECK_THAT(Decode(request).status(), NamesField("cursor"));
  request = PricesOf("MSFT");
  request.set_cursor("junk");
  CHECK_THAT(Decode(request).status(), NamesField("cursor"));
}

TEST_CASE("a filter that is too long is refused") {
  pb::ListStocksRequest request;
  request.set_search(std::string(101, 'a'));
  CHECK_THAT(Decode(request).status(), NamesField("search"));
}

TEST_CASE("a quote keeps its digits, and an absent bid stays absent") {
  Quote quote = AQuote("AAPL", 101.01, At("2026-11-20T09:30:00.25Z"));
  quote.previous_close = Dollars(99);
  quote.ask = Dollars(101.02);
  pb::Quote out;
  Encode(quote, true, out);
  CHECK(out.price().micros() == 101'010'000);
  CHECK(out.change().micros() == 2'010'000);
  CHECK(out.change_percent() == 2.0303);
  CHECK_FALSE(out.has_bid());
  CHECK(out.ask().micros() == 101'020'000);
  CHECK(out.timestamp().nanos() == 250'000'000);
  CHECK(out.stale());
}

TEST_CASE("daily bars are named by their day, shorter ones by their moment, and more bars by a cursor") {
  const Bar bar = testing::ABar(Day("2020-01-31"), 10, 12, 9, 11, 5);
  const BarPage page{.bars = {bar}, .source = "test", .resume = bar.time};
  pb::ListPricesReply daily;
  Encode(BarQuery{.symbol = "AAPL"}, page, daily);
  CHECK(daily.prices(0).date() == "2020-01-31");
  CHECK(daily.prices(0).volume() == 5);
  CHECK(daily.interval() == "1d");
  CHECK(ReadBarCursor(daily.next_cursor(), "AAPL", Interval::kDay) == bar.time);
  pb::ListPricesReply hourly;
  Encode(BarQuery{.symbol = "AAPL", .interval = Interval::kHour}, {.bars = {bar}}, hourly);
  CHECK(hourly.prices(0).date() == "2020-01-31T00:00:00Z");
  CHECK_FALSE(hourly.has_next_cursor());
}

}  // namespace
}  // namespace papertape::market

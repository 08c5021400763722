#include "services/market_data/rpc/ingestion_messages.h"

#include "tests/support/matchers.h"
#include "tests/unit/market_data/market_fixtures.h"

namespace papertape::market {
namespace {

using papertape::testing::IsOk;
using papertape::testing::NamesField;
using testing::At;
using testing::Day;

const Timestamp kNow = At("2024-06-05T15:00:00Z");

pb::IngestStocksRequest Of(std::initializer_list<const char*> symbols, const char* start = "", const char* end = "") {
  pb::IngestStocksRequest request;
  for (const char* const symbol : symbols) request.add_symbols(symbol);
  request.set_start(start);
  request.set_end(end);
  return request;
}

TEST_CASE("a request for ingestion names symbols as clients spell them, each once") {
  const auto decoded = Decode(Of({"aapl", ".GSPC", "AAPL"}, "2024-01-02", "2024-02-01"), 7, kNow);
  REQUIRE_THAT(decoded.status(), IsOk());
  CHECK(decoded->symbols == std::vector<std::string>{"AAPL", "^GSPC"});
  CHECK(decoded->first_day == Day("2024-01-02"));
  CHECK(decoded->last_day == Day("2024-02-01"));
  CHECK(decoded->requested_by == 7);
  CHECK_FALSE(decoded->correct_from);
}

TEST_CASE("without days everything from 2000 until today is asked for, and never tomorrow") {
  const auto open = Decode(Of({"AAPL"}), 7, kNow);
  REQUIRE_THAT(open.status(), IsOk());
  CHECK(open->first_day == Day("2000-01-01"));
  CHECK(open->last_day == Day("2024-06-05"));
  CHECK(Decode(Of({"AAPL"}, "2024-01-02", "2030-01-01"), 7, kNow)->last_day == Day("2024-06-05"));
}

TEST_CASE("every wrong field of a request for ingestion is named at once") {
  const absl::Status refused = Decode(Of({"AAPL", "not a symbol"}, "soon", "2024-13-01"), 7, kNow).status();
  for (const char* const field : {"symbols[1]", "start", "end"}) CHECK_THAT(refused, NamesField(field));
  CHECK_THAT(Decode(Of({}), 7, kNow).status(), NamesField("symbols"));
  CHECK_THAT(Decode(Of({"AAPL"}, "2024-02-01", "2024-01-31"), 7, kNow).status(), NamesField("end"));
  CHECK_THAT(Decode(Of({"AAPL"}, "1999-12-31"), 7, kNow).status(), NamesField("start"));
  CHECK_THAT(Decode(Of({"AAPL"}, "2024-06-06", "2024-06-07"), 7, kNow).status(), NamesField("start"));
}

TEST_CASE("a job tells its progress, and of each symbol what came of it") {
  IngestionJob job{.id = 3, .counts = {.running = 1, .done = 1}, .share_done = 0.62341};
  job.request = {.first_day = Day("2024-01-02"), .last_day = Day("2024-02-01")};
  job.total = {.sessions = 10, .sessions_asked = 7, .added = 5, .quarantined = 1, .missing = 1};
  job.tasks = {{.symbol = "AAPL", .state = TaskState::kDone, .source = "tiingo", .finished_at = kNow},
               {.symbol = "MSFT",
                .state = TaskState::kRunning,
                .sessions = 8,
                .sessions_asked = 2,
                .error_code = "PROVIDER_UNAVAILABLE",
                .remark = "tiingo answers 503."}};
  pb::IngestionJob out;
  Encode(job, out);
  CHECK(out.status() == "running");
  CHECK(out.cause() == "request");
  CHECK(out.progress() == 62.34);
  CHECK(out.symbols().done() == 1);
  CHECK(out.bars_quarantined() == 1);
  CHECK_FALSE(out.has_provider());
  REQUIRE(out.tasks_size() == 2);
  CHECK(out.tasks(0).progress() == 100);
  CHECK(out.tasks(0).source() == "tiingo");
  CHECK_FALSE(out.tasks(0).has_error_code());
  CHECK(out.tasks(1).progress() == 25);
  CHECK(out.tasks(1).error_code() == "PROVIDER_UNAVAILABLE");
  CHECK_FALSE(out.tasks(1).has_source());
}

TEST_CASE("what is available is paged") {
  const std::vector<AvailableSymbol> all{{"AAPL", Day("2000-01-03"), Day("2024-06-04"), 6'140},
                                         {"MSFT", Day("2024-01-02"), Day("2024-06-04"), 106}};
  pb::ListAvailableReply out;
  Encode(all, {.number = 2, .size = 1, .offset = 1}, out);
  REQUIRE(out.symbols_size() == 1);
  CHECK(out.symbols(0).symbol() == "MSFT");
  CHECK(out.symbols(0).first_date() == "2024-01-02");
  CHECK(out.total() == 2);
  CHECK(out.total_pages() == 2);
}

}  // namespace
}  // namespace papertape::market

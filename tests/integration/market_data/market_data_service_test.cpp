#include "services/market_data/rpc/market_data_service.h"

#include <grpcpp/grpcpp.h>

#include <chrono>
#include <memory>

#include "libs/clock/fake_clock.h"
#include "libs/rpc/metadata.h"
#include "libs/rpc/metrics.h"
#include "libs/rpc/status_wire.h"
#include "tests/integration/market_data/market_database.h"
#include "tests/support/eventually.h"
#include "tests/support/matchers.h"
#include "tests/unit/market_data/market_fixtures.h"

namespace papertape::market {
namespace {

using namespace std::chrono_literals;
using papertape::testing::Eventually;
using papertape::testing::HasReason;
using papertape::testing::IsOk;
using papertape::testing::NamesField;
using testing::ABar;
using testing::AQuote;
using testing::Day;
using testing::MarketDatabase;

const std::string kSecret = "a secret of the suite, at least 32 bytes";

// The service behind a real gate and a gRPC server in this process; quotes are what the test says.
struct AService : MarketDatabase {
  FakeClock quote_clock{SystemClock().Now()};
  QuoteBook book{5'000ms, quote_clock};
  QuoteStreams streams{book};
  PriceHistory history{bars, book};
  rpc::Metrics metrics;
  auth::TokenVerifier verifier{{.secret = kSecret}, SystemClock()};
  rpc::Gate gate{{.secret_key = kSecret, .worker_threads = 2}, verifier, SystemClock(), metrics};
  MarketDataService service{gate, book, streams, instruments, history};
  std::unique_ptr<grpc::Server> server;
  std::unique_ptr<pb::MarketDataService::Stub> stub;

  AService() {
    book.Admit({"AAPL", "MSFT", "^GSPC", "^NSEI"});
    grpc::ServerBuilder builder;
    builder.RegisterService(&service);
    server = builder.BuildAndStart();
    stub = pb::MarketDataService::NewStub(server->InProcessChannel({}));
  }
  ~AService() {
    streams.HangUp();
    server->Shutdown();
  }

  void Quoted(const std::string& symbol, double price) {
    quote_clock.Advance(1ms);
    streams.Changed(book.Apply({AQuote(symbol, price, quote_clock.Now())}));
  }
};

// Calls one unary method with a deadline.
template <class Request, class Reply>
absl::StatusOr<Reply> Ask(pb::MarketDataService::Stub& stub,
                          grpc::Status (pb::MarketDataService::Stub::*method)(grpc::ClientContext*, const Request&,
                                                                              Reply*),
                          const Request& request) {
  grpc::ClientContext context;
  context.set_deadline(ToSystemTime(SystemClock().Now() + 10s));
  Reply reply;
  const absl::Status status = rpc::FromGrpc((stub.*method)(&context, request, &reply));
  if (!status.ok()) return status;
  return reply;
}

using Stub = pb::MarketDataService::Stub;

absl::StatusOr<pb::Quote> GetQuote(Stub& stub, const std::string& symbol) {
  pb::GetQuoteRequest request;
  request.set_symbol(symbol);
  return Ask(stub, &Stub::GetQuote, request);
}

TEST_CASE_METHOD(AService, "the live quote is public, in any spelling, and says when it is stale") {
  Quoted("^NSEI", 25'000.05);
  auto quote = GetQuote(*stub, ".NSEI");
  REQUIRE_THAT(quote.status(), IsOk());
  CHECK(quote->symbol() == "^NSEI");
  CHECK(quote->price().micros() == 25'000'050'000);
  CHECK_FALSE(quote->stale());
  quote_clock.Advance(6s);
  CHECK(GetQuote(*stub, "^NSEI")->stale());
}

TEST_CASE_METHOD(AService, "an unknown symbol is not found and the error names it") {
  const absl::Status status = GetQuote(*stub, "NOPE").status();
  CHECK_THAT(status, HasReason(Reason::kUNKNOWN_SYMBOL));
  CHECK(DetailsOf(status).metadata.at("symbol") == "NOPE");
  CHECK_THAT(GetQuote(*stub, "AAPL").status(), HasReason(Reason::kQUOTE_STALE));
}

TEST_CASE_METHOD(AService, "stocks come by page") {
  pb::ListStocksRequest request;
  request.set_exchange("XNSE");
  request.set_size(3);
  request.set_page(2);
  const auto reply = Ask(*stub, &Stub::ListStocks, request);
  REQUIRE_THAT(reply.status(), IsOk());
  REQUIRE(reply->stocks_size() == 1);
  CHECK(reply->stocks(0).symbol() == "^NSEI");
  CHECK(reply->total() == 4);
  CHECK(reply->total_pages() == 2);
}

TEST_CASE_METHOD(AService, "prices page by cursor to the end") {
  std::vector<Bar> days;
  for (int i = 0; i < 5; ++i) days.push_back(ABar(Day("2020-01-06") + std::chrono::days(i), 10, 12, 9, 11));
  REQUIRE_THAT(bars.AddMissing("^GSPC", Interval::kDay, days, "vega-datasets").status(), IsOk());
  pb::ListPricesRequest request;
  request.set_symbol("^GSPC");
  request.set_start("2020-01-07");
  request.set_limit(3);
  const auto first = Ask(*stub, &Stub::ListPrices, request);
  REQUIRE_THAT(first.status(), IsOk());
  REQUIRE(first->prices_size() == 3);
  CHECK(first->prices(0).date() == "2020-01-07");
  CHECK(first->source() == "vega-datasets");
  REQUIRE(first->has_next_cursor());
  request.set_cursor(first->next_cursor());
  const auto second = Ask(*stub, &Stub::ListPrices, request);
  REQUIRE_THAT(second.status(), IsOk());
  REQUIRE(second->prices_size() == 1);
  CHECK(second->prices(0).date() == "2020-01-10");
  CHECK_FALSE(second->has_next_cursor());
}

TEST_CASE_METHOD(AService, "a wrong request for prices is refused for its fields before its symbol is looked up") {
  pb::ListPricesRequest request;
  request.set_symbol("NOPE");
  request.set_interval("2d");
  CHECK_THAT(Ask(*stub, &Stub::ListPrices, request).status(), NamesField("interval"));
  request.set_interval("1d");
  CHECK_THAT(Ask(*stub, &Stub::ListPrices, request).status(), HasReason(Reason::kUNKNOWN_SYMBOL));
}

TEST_CASE_METHOD(AService,
                 "the latest is the last bar with the live price beside it, each absent where there is none") {
  REQUIRE_THAT(bars.AddMissing("^GSPC", Interval::kDay, {ABar(Day("2020-04-17"), 10, 12, 9, 11)}, "test").status(),
               IsOk());
  pb::GetLatestRequest request;
  request.set_symbol("^gspc");
  auto latest = Ask(*stub, &Stub::GetLatest, request);
  REQUIRE_THAT(latest.status(), IsOk());
  CHECK(latest->symbol() == "^GSPC");
  CHECK(latest->bar().date() == "2020-04-17");
  CHECK(latest->bar_source() == "test");
  CHECK_FALSE(latest->has_price());
  CHECK(latest->stale());
  Quoted("AAPL", 223.02);
  request.set_symbol("AAPL");
  latest = Ask(*stub, &Stub::GetLatest, request);
  REQUIRE_THAT(latest.status(), IsOk());
  CHECK_FALSE(latest->has_bar());
  CHECK_FALSE(latest->has_bar_source());
  CHECK(latest->price().micros() == 223'020'000);
  CHECK_FALSE(latest->stale());
}

// The client's side of one stream. Every wait has the context's deadline.
struct AStream {
  grpc::ClientContext context;
  std::unique_ptr<grpc::ClientReaderWriter<pb::StreamQuotesRequest, pb::QuoteBatch>> stream;

  explicit AStream(Stub& stub, bool trusted = true) {
    context.set_deadline(ToSystemTime(SystemClock().Now() + 20s));
    if (trusted) context.AddMetadata(rpc::kServiceCredential, auth::ServiceCredential(kSecret));
    stream = stub.StreamQuotes(&context);
  }
  ~AStream() { context.TryCancel(); }
  void Add(const std::string& symbol) {
    pb::StreamQuotesRequest request;
    request.add_add(symbol);
    stream->Write(request);
  }
  void Remove(const std::string& symbol) {
    pb::StreamQuotesRequest request;
    request.add_remove(symbol);
    stream->Write(request);
  }
  // The next batch as "AAPL 200, MSFT 28"; empty when the stream has ended.
  std::string Next() {
    pb::QuoteBatch batch;
    if (!stream->Read(&batch)) return {};
    std::string text;
    for (const pb::Quote& quote : batch.quotes()) {
      text += (text.empty() ? "" : ", ") + quote.symbol() + " " + FormatDecimal(quote.price().micros());
    }
    return text;
  }
};

TEST_CASE_METHOD(AService, "a stream answers an added symbol at once and then what changes") {
  Quoted("AAPL", 200);
  AStream reader(*stub);
  reader.Add("AAPL");
  CHECK(reader.Next() == "AAPL 200");
  Quoted("MSFT", 28);
  Quoted("AAPL", 201);
  CHECK(reader.Next() == "AAPL 201");
  reader.Add("MSFT");
  CHECK(reader.Next() == "MSFT 28");
}

TEST_CASE_METHOD(AService, "a removed symbol falls silent while the others go on") {
  Quoted("AAPL", 200);
  Quoted("MSFT", 28);
  AStream reader(*stub);
  reader.Add("*");
  CHECK(reader.Next() == "AAPL 200, MSFT 28");
  reader.Remove("AAPL");
  reader.Add("MSFT");  // its answer says that the removal was read
  CHECK(reader.Next() == "MSFT 28");
  Quoted("AAPL", 201);
  Quoted("MSFT", 29);
  CHECK(reader.Next() == "MSFT 29");
}

TEST_CASE_METHOD(AService, "a reader that does not read gets the newest quote, not the backlog") {
  Quoted("AAPL", 0.5);
  AStream reader(*stub);
  reader.Add("AAPL");
  CHECK(reader.Next() == "AAPL 0.5");
  constexpr int kQuotes = 20'000;
  for (int i = 1; i <= kQuotes; ++i) Quoted("AAPL", i);
  int batches = 0;
  std::string last;
  while (last != "AAPL 20000") {
    last = reader.Next();
    REQUIRE_FALSE(last.empty());
    ++batches;
  }
  CHECK(batches < kQuotes / 2);
}

TEST_CASE_METHOD(AService, "two streams do not see each other's symbols, and a client that leaves is forgotten") {
  Quoted("AAPL", 200);
  Quoted("MSFT", 28);
  AStream one(*stub);
  one.Add("AAPL");
  CHECK(one.Next() == "AAPL 200");
  {
    AStream two(*stub);
    two.Add("MSFT");
    CHECK(two.Next() == "MSFT 28");
    CHECK(streams.size() == 2);
  }
  CHECK(Eventually(10s, [&] { return streams.size() == 1; }));
  Quoted("MSFT", 29);
  Quoted("AAPL", 201);
  CHECK(one.Next() == "AAPL 201");
}

TEST_CASE_METHOD(AService, "a client that only closes its sending side goes on receiving") {
  Quoted("AAPL", 200);
  AStream reader(*stub);
  reader.Add("AAPL");
  reader.stream->WritesDone();
  CHECK(reader.Next() == "AAPL 200");
  Quoted("AAPL", 201);
  CHECK(reader.Next() == "AAPL 201");
}

TEST_CASE_METHOD(AService, "the stream is for the suite's own services") {
  AStream stranger(*stub, false);
  stranger.Add("AAPL");
  CHECK(stranger.Next().empty());
  CHECK_THAT(rpc::FromGrpc(stranger.stream->Finish()), HasReason(Reason::kPERMISSION_DENIED));
}

TEST_CASE_METHOD(AService, "hanging up ends every stream and refuses new ones") {
  Quoted("AAPL", 200);
  AStream reader(*stub);
  reader.Add("AAPL");
  CHECK(reader.Next() == "AAPL 200");
  streams.HangUp();
  CHECK(reader.Next().empty());
  CHECK_THAT(rpc::FromGrpc(reader.stream->Finish()), HasReason(Reason::kUNAVAILABLE));
  AStream late(*stub);
  CHECK(late.Next().empty());
  CHECK_THAT(rpc::FromGrpc(late.stream->Finish()), HasReason(Reason::kUNAVAILABLE));
  CHECK(Eventually(10s, [&] { return streams.size() == 0; }));
}

}  // namespace
}  // namespace papertape::market

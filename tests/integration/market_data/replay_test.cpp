#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <memory>
#include <string>

#include "libs/auth/token.h"
#include "libs/redis/redis.h"
#include "libs/rpc/metadata.h"
#include "libs/rpc/proto_types.h"
#include "libs/rpc/status_wire.h"
#include "papertape/market_data/v1/calendar_service.grpc.pb.h"
#include "papertape/market_data/v1/market_data_service.grpc.pb.h"
#include "papertape/market_data/v1/market_session_service.grpc.pb.h"
#include "papertape/market_data/v1/tape_service.pb.h"
#include "services/market_data/store/redis_tick_publisher.h"
#include "tests/support/eventually.h"
#include "tests/support/matchers.h"
#include "tests/support/process.h"
#include "tests/support/test_database.h"
#include "tests/unit/market_data/market_fixtures.h"

namespace papertape::market {
namespace {

using namespace std::chrono_literals;
using papertape::testing::Eventually;
using papertape::testing::HasReason;
using papertape::testing::IsOk;
using papertape::testing::Process;
using papertape::testing::TestDatabase;
using papertape::testing::TestRedis;
using testing::At;
using testing::MarketFolder;

namespace pb = market_data::v1;

const std::string kSecret = "a secret of the suite, at least 32 bytes";
constexpr char kBars[] =
    "date,open,high,low,close,adjclose,volume\n2008-09-30,1113,1168,1113,1166,1166,5\n"
    "2008-10-01,1164,1167,1140,1161,1161,6\n2008-10-02,1160,1160,1111,1114,1114,7\n";

// The program itself, with servers of its own and three days of the S&P 500.
struct AReplay {
  TestDatabase database;
  TestRedis server;
  redis::Client redis{{.url = server.url(), .connections = 1, .timeout = 2s}};
  MarketFolder folder{{"sp500-2000.csv", kBars}, {"stocks.csv", "symbol,date,price\nIBM,Mar 1 2010,1000\n"}};
  std::string address = "unix:" + folder.path() + "/grpc.sock";
  std::shared_ptr<grpc::Channel> channel = grpc::CreateChannel(address, grpc::InsecureChannelCredentials());
  std::unique_ptr<pb::MarketSessionService::Stub> sessions = pb::MarketSessionService::NewStub(channel);
  std::unique_ptr<pb::MarketDataService::Stub> market = pb::MarketDataService::NewStub(channel);
  std::unique_ptr<Process> program = Start();

  std::unique_ptr<Process> Start() {
    auto started =
        std::make_unique<Process>(std::vector<std::string>{PAPERTAPE_MARKET_DATA_PROGRAM},
                                  std::map<std::string, std::string>{{"DATABASE_URL", database.dsn()},
                                                                     {"REDIS_URL", server.url()},
                                                                     {"SECRET_KEY", kSecret},
                                                                     {"PAPERTAPE_MARKET_FILES", folder.path()},
                                                                     {"PAPERTAPE_LISTEN", address}});
    REQUIRE(started->WaitForOutput("\"serving\"", 20s));
    return started;
  }
  static void Prepare(grpc::ClientContext& context) {
    context.set_wait_for_ready(true);
    context.set_deadline(ToSystemTime(SystemClock().Now() + 60s));
    context.AddMetadata(rpc::kServiceCredential, auth::ServiceCredential(kSecret));
  }
  template <class Stub, class Request, class Reply>
  absl::StatusOr<Reply> Ask(Stub& stub, grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Reply*),
                            const Request& request) {
    Reply reply;
    absl::Status status;
    // A connection to a process that was killed may still be there for the first call.
    Eventually(30s, [&] {
      grpc::ClientContext context;
      Prepare(context);
      status = rpc::FromGrpc((stub.*method)(&context, request, &reply));
      return !absl::IsUnavailable(status);
    });
    if (!status.ok()) return status;
    return reply;
  }
  using Sessions = pb::MarketSessionService::Stub;
  absl::StatusOr<pb::MarketSession> Replay(const std::string& start, const std::string& end, bool paused,
                                           std::int64_t speed = 1) {
    pb::StartReplayRequest request;
    request.set_start(start);
    request.set_end(end);
    request.set_paused(paused);
    request.set_speed(speed);
    return Ask(*sessions, &Sessions::StartReplay, request);
  }
  pb::MarketSession Step(const std::string& by) {
    pb::StepSessionRequest request;
    request.set_by(by);
    const auto stepped = Ask(*sessions, &Sessions::StepSession, request);
    REQUIRE_THAT(stepped.status(), IsOk());
    return *stepped;
  }
  pb::MarketSession Session() { return *Ask(*sessions, &Sessions::GetMarketSession, pb::GetMarketSessionRequest()); }
  absl::StatusOr<pb::Quote> Quote(const std::string& symbol) {
    pb::GetQuoteRequest request;
    request.set_symbol(symbol);
    return Ask(*market, &pb::MarketDataService::Stub::GetQuote, request);
  }
  // What the Redis stream has.
  std::vector<pb::TickBatch> Ticks() {
    std::vector<pb::TickBatch> batches;
    const absl::StatusOr<redis::Reply> entries = redis.Run({"XRANGE", kTickStream, "-", "+"});
    REQUIRE_THAT(entries.status(), IsOk());
    for (const redis::Reply& entry : entries.value().array) {
      pb::TickBatch batch;
      REQUIRE(batch.ParseFromString(entry.array[1].array[1].text));
      batches.push_back(batch);
    }
    return batches;
  }
};

std::string TimeOf(const pb::MarketSession& session) { return FormatRfc3339(rpc::Decode(session.time())); }

TEST_CASE_METHOD(AReplay, "a replay is stepped, survives kill -9 where it was, and ends in the live market") {
  CHECK(Session().kind() == "live");
  REQUIRE_THAT(Replay("2008-10-01", "2008-10-02", true).status(), IsOk());
  CHECK(TimeOf(Step("price")) == "2008-10-01T13:30:00Z");
  CHECK(TimeOf(Step("price")) == "2008-10-01T15:40:00Z");
  const auto quote = Quote("^GSPC");
  CHECK(rpc::Decode<Price>(quote->price()) == Price::FromUnits(1'167));
  CHECK(quote->source() == "replay");
  CHECK_FALSE(quote->stale());
  CHECK_THAT(Quote("AAPL").status(), HasReason(Reason::kQUOTE_STALE));
  CHECK_THAT(Replay("2008-10-01", "2008-10-02", true).status(), HasReason(Reason::kCONFLICT));

  program->Kill();
  program = Start();
  const pb::MarketSession resumed = Session();
  CHECK(resumed.session() == 1);
  CHECK(resumed.state() == "paused");
  CHECK(TimeOf(resumed) == "2008-10-01T15:40:00Z");
  CHECK(Eventually(10s, [&] { return Quote("^GSPC").ok(); }));
  CHECK(TimeOf(Step("1d")) == "2008-10-02T15:40:00Z");

  REQUIRE_THAT(Ask(*sessions, &Sessions::EndSession, pb::EndSessionRequest()).status(), IsOk());
  CHECK(Session().session() == 0);
  CHECK(Eventually(10s, [&] {
    const auto live = Quote("AAPL");
    return live.ok() && live->source() == "simulator" && !live->stale();
  }));
}

TEST_CASE_METHOD(AReplay, "every batch says its session, and in a replay the market's time, which never goes back") {
  REQUIRE_THAT(Replay("2008-10-01", "2008-10-01", true).status(), IsOk());
  Step("1d");
  REQUIRE(Eventually(10s, [&] { return Session().state() == "finished"; }));
  std::int64_t clock = 0;
  std::int64_t ticks = 0;
  bool replayed = false;
  for (const pb::TickBatch& batch : Ticks()) {
    CHECK((batch.session() == 0) == (batch.clock_micros() == 0));
    CHECK((batch.session() == 1 || !replayed));
    if (batch.session() == 0) continue;
    replayed = true;
    CHECK(batch.clock_micros() >= clock);
    clock = batch.clock_micros();
    ticks += batch.subjects_size();
  }
  CHECK(clock == MicrosSinceEpoch(At("2008-10-01T20:00:00Z")));
  // Every 2.5 s of 6.5 hours, and the three prices between.
  CHECK(ticks >= 9'360);
  CHECK(ticks <= 9'363);
}

TEST_CASE_METHOD(
    AReplay, "a replay that is killed while it runs goes on after what it has told: no price twice, none left out") {
  REQUIRE_THAT(Replay("2008-10-01", "2008-10-01", false, 1000).status(), IsOk());
  REQUIRE(Eventually(20s, [&] { return Session().progress() > 5; }));
  program->Kill();
  program = Start();
  Step("1d");
  REQUIRE(Eventually(10s, [&] { return Session().state() == "finished"; }));
  std::vector<std::int64_t> told;
  for (const pb::TickBatch& batch : Ticks()) {
    if (batch.session() == 1 && batch.subjects_size() > 0) told.push_back(batch.clock_micros());
  }
  CHECK(std::is_sorted(told.begin(), told.end()));
  CHECK(std::adjacent_find(told.begin(), told.end()) == told.end());
  CHECK(told.size() == 9'361);
}

TEST_CASE_METHOD(AReplay, "recorded bars are read no further than the market's time") {
  const auto dates = [&] {
    pb::ListPricesRequest request;
    request.set_symbol("^GSPC");
    const auto reply = Ask(*market, &pb::MarketDataService::Stub::ListPrices, request);
    REQUIRE_THAT(reply.status(), IsOk());
    std::string text;
    for (const pb::Bar& bar : reply->prices()) text += bar.date() + " ";
    return text;
  };
  REQUIRE_THAT(Replay("2008-10-01", "2008-10-02", true).status(), IsOk());
  Step("price");
  CHECK(dates() == "2008-09-30 ");
  Step("1d");
  CHECK(dates() == "2008-09-30 2008-10-01 ");
  REQUIRE_THAT(Ask(*sessions, &Sessions::EndSession, pb::EndSessionRequest()).status(), IsOk());
  CHECK(Eventually(10s, [&] { return dates() == "2008-09-30 2008-10-01 2008-10-02 "; }));
}

TEST_CASE_METHOD(AReplay, "a stream of quotes says when older quotes are void, and beats while nothing moves") {
  grpc::ClientContext context;
  Prepare(context);
  const auto stream = market->StreamQuotes(&context);
  pb::StreamQuotesRequest request;
  request.add_add("AAPL");
  REQUIRE(stream->Write(request));
  pb::QuoteBatch batch;
  REQUIRE(stream->Read(&batch));
  CHECK(batch.session() == 0);
  REQUIRE_THAT(Replay("2008-10-01", "2008-10-01", true).status(), IsOk());
  while (batch.session() == 0) REQUIRE(stream->Read(&batch));
  CHECK(batch.quotes().empty());
  CHECK(batch.clock_micros() == MicrosSinceEpoch(At("2008-10-01T13:30:00Z")));
  Step("1h");
  while (batch.clock_micros() < MicrosSinceEpoch(At("2008-10-01T14:30:00Z"))) REQUIRE(stream->Read(&batch));
  REQUIRE_THAT(Ask(*sessions, &Sessions::EndSession, pb::EndSessionRequest()).status(), IsOk());
  while (batch.session() != 0) REQUIRE(stream->Read(&batch));
  CHECK(batch.quotes_size() == 1);
  context.TryCancel();
}

TEST_CASE_METHOD(AReplay, "the market's status is that of the market's time") {
  REQUIRE_THAT(Replay("2008-10-01", "2008-10-01", true).status(), IsOk());
  Step("price");
  const auto calendar = pb::CalendarService::NewStub(channel);
  const auto status = Ask(*calendar, &pb::CalendarService::Stub::GetMarketStatus, pb::GetMarketStatusRequest());
  CHECK(status->date() == "2008-10-01");
  CHECK(status->is_open());
}

TEST_CASE_METHOD(AReplay, "only who holds the suite's secret turns the market, and wrong fields are all named") {
  grpc::ClientContext context;
  context.set_deadline(ToSystemTime(SystemClock().Now() + 60s));
  pb::MarketSession reply;
  CHECK(sessions->EndSession(&context, {}, &reply).error_code() == grpc::StatusCode::PERMISSION_DENIED);
  const absl::Status refused = Replay("the first", "1999-12-31", true, 1001).status();
  std::string fields;
  for (const FieldViolation& violation : DetailsOf(refused).violations) fields += violation.field + " ";
  CHECK(fields == "start end speed ");
}

}  // namespace
}  // namespace papertape::market

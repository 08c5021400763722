#include "services/market_data/rpc/tape_service.h"

#include <grpcpp/grpcpp.h>

#include <chrono>
#include <memory>

#include "libs/rpc/metadata.h"
#include "libs/rpc/metrics.h"
#include "libs/rpc/status_wire.h"
#include "services/market_data/domain/bar_builder.h"
#include "tests/support/eventually.h"
#include "tests/support/matchers.h"
#include "tests/unit/market_data/market_fixtures.h"

namespace papertape::market {
namespace {

using namespace std::chrono_literals;
using papertape::testing::Eventually;
using papertape::testing::HasReason;
using papertape::testing::NamesField;
using testing::AQuote;
using testing::At;

const std::string kSecret = "a secret of the suite, at least 32 bytes";
const Timestamp kNow = At("2026-11-20T15:00:00Z");

// The service behind a real gate and a gRPC server in this process.
struct ATape {
  TickStreams ticks{10'000};
  BarStreams bars;
  rpc::Metrics metrics;
  auth::TokenVerifier verifier{{.secret = kSecret}, SystemClock()};
  rpc::Gate gate{{.secret_key = kSecret, .worker_threads = 1}, verifier, SystemClock(), metrics};
  TapeService service{gate, ticks, bars};
  std::unique_ptr<grpc::Server> server;
  std::unique_ptr<pb::TapeService::Stub> stub;
  grpc::ClientContext context;

  ATape() {
    grpc::ServerBuilder builder;
    builder.RegisterService(&service);
    server = builder.BuildAndStart();
    stub = pb::TapeService::NewStub(server->InProcessChannel({}));
    context.set_deadline(ToSystemTime(SystemClock().Now() + 60s));
    context.AddMetadata(rpc::kServiceCredential, auth::ServiceCredential(kSecret));
  }
  ~ATape() {
    context.TryCancel();
    ticks.HangUp();
    bars.HangUp();
    server->Shutdown();
  }
};

TEST_CASE_METHOD(ATape, "a reader of ticks gets every one in order, however many there are of a symbol") {
  const auto stream = stub->StreamTicks(&context, {});
  REQUIRE(Eventually([&] { return ticks.size() == 1; }));
  for (int batch = 0; batch < 50; ++batch) {
    std::vector<Quote> quotes;
    for (int i = 0; i < 100; ++i) quotes.push_back(AQuote("AAPL", 1 + batch * 100 + i, kNow));
    ticks.Publish(quotes);
  }
  std::int64_t next = 1;
  pb::TickBatch batch;
  while (next <= 5'000 && stream->Read(&batch)) {
    for (const std::int64_t price : batch.price_micros()) CHECK(price == kMicrosPerUnit * next++);
  }
  CHECK(next == 5'001);
}

TEST_CASE_METHOD(ATape, "a reader that is too far behind is told so, and what came before is whole") {
  const auto stream = stub->StreamTicks(&context, {});
  REQUIRE(Eventually([&] { return ticks.size() == 1; }));
  // Nobody reads, so what gRPC does not take any more waits.
  for (int i = 0; i < 10'000; ++i) ticks.Publish(std::vector<Quote>(2'000, AQuote("AAPL", 1, kNow)));
  pb::TickBatch batch;
  while (stream->Read(&batch)) CHECK(batch.subjects_size() == 2'000);
  CHECK_THAT(rpc::FromGrpc(stream->Finish()), HasReason(Reason::kOVERLOADED));
}

TEST_CASE_METHOD(ATape, "the tape is for services of the suite") {
  grpc::ClientContext stranger;
  const auto ticks_of_stranger = stub->StreamTicks(&stranger, {});
  pb::TickBatch batch;
  CHECK_FALSE(ticks_of_stranger->Read(&batch));
  CHECK_FALSE(ticks_of_stranger->Finish().ok());
}

TEST_CASE_METHOD(ATape, "a reader of bars gets each finished bar that it wants, and growing ones") {
  pb::StreamBarsRequest request;
  request.add_symbols("aapl");
  request.add_intervals("1s");
  request.add_intervals("1m");
  const auto stream = stub->StreamBars(&context, request);
  BarBuilder builder([](const Quote& tick) { return DayRoundTheClock(tick.time); }, 2s);
  builder.Tick(AQuote("AAPL", 10, kNow), kNow);
  builder.Tick(AQuote("MSFT", 20, kNow), kNow);
  builder.Tick(AQuote("AAPL", 12, kNow + 61s), kNow + 61s);
  std::vector<LiveBar> told = builder.Finish(kNow + 63s);
  const std::vector<LiveBar> growing = builder.Growing();
  told.insert(told.end(), growing.begin(), growing.end());
  REQUIRE(Eventually([&] { return bars.size() == 1; }));
  bars.Publish(told);
  pb::BarBatch batch;
  REQUIRE(stream->Read(&batch));
  REQUIRE(batch.bars_size() >= 4);
  for (const auto& bar : batch.bars()) {
    CHECK(bar.symbol() == "AAPL");
    CHECK((bar.interval() == "1s" || bar.interval() == "1m"));
  }
  CHECK(batch.bars(0).finished());
  CHECK_FALSE(batch.bars(batch.bars_size() - 1).finished());
}

TEST_CASE_METHOD(ATape, "a selection that makes no sense is refused for all its fields") {
  pb::StreamBarsRequest request;
  request.add_intervals("2m");
  const auto stream = stub->StreamBars(&context, request);
  pb::BarBatch batch;
  CHECK_FALSE(stream->Read(&batch));
  const absl::Status status = rpc::FromGrpc(stream->Finish());
  CHECK_THAT(status, NamesField("symbols"));
  CHECK_THAT(status, NamesField("intervals"));
}

}  // namespace
}  // namespace papertape::market

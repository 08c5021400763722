#include "services/market_data/rpc/calendar_service.h"

#include <grpcpp/grpcpp.h>

#include <chrono>
#include <memory>

#include "libs/clock/fake_clock.h"
#include "libs/rpc/metrics.h"
#include "libs/rpc/proto_types.h"
#include "libs/rpc/status_wire.h"
#include "tests/support/matchers.h"
#include "tests/unit/market_data/market_fixtures.h"

namespace papertape::market {
namespace {

using namespace std::chrono_literals;
using papertape::testing::IsOk;
using papertape::testing::NamesField;
using testing::At;

// The service behind a real gate and a gRPC server in this process; the time is what the test says.
struct ACalendar {
  FakeClock clock{At("2026-11-25T20:59:59.999999Z")};
  rpc::Metrics metrics;
  auth::TokenVerifier verifier{{.secret = "a secret of the suite, at least 32 bytes"}, SystemClock()};
  rpc::Gate gate{{.secret_key = "a secret of the suite, at least 32 bytes", .worker_threads = 1},
                 verifier,
                 SystemClock(),
                 metrics};
  CalendarService service{gate, clock};
  std::unique_ptr<grpc::Server> server;
  std::unique_ptr<pb::CalendarService::Stub> stub;

  ACalendar() {
    grpc::ServerBuilder builder;
    builder.RegisterService(&service);
    server = builder.BuildAndStart();
    stub = pb::CalendarService::NewStub(server->InProcessChannel({}));
  }
  ~ACalendar() { server->Shutdown(); }

  template <class Request, class Reply>
  absl::StatusOr<Reply> Ask(grpc::Status (pb::CalendarService::Stub::*method)(grpc::ClientContext*, const Request&,
                                                                              Reply*),
                            const Request& request) const {
    grpc::ClientContext context;
    context.set_deadline(ToSystemTime(SystemClock().Now() + 10s));
    Reply reply;
    const absl::Status status = rpc::FromGrpc((stub.get()->*method)(&context, request, &reply));
    if (!status.ok()) return status;
    return reply;
  }
};

TEST_CASE_METHOD(ACalendar, "the market's status is public and follows the clock over a close") {
  auto status = Ask(&pb::CalendarService::Stub::GetMarketStatus, pb::GetMarketStatusRequest());
  REQUIRE_THAT(status.status(), IsOk());
  CHECK(status->is_open());
  CHECK(rpc::Decode(status->next_close()) == At("2026-11-25T21:00:00Z"));
  clock.Advance(1us);
  status = Ask(&pb::CalendarService::Stub::GetMarketStatus, pb::GetMarketStatusRequest());
  REQUIRE_THAT(status.status(), IsOk());
  CHECK_FALSE(status->is_open());
  CHECK(status->session() == "post_close");
  CHECK(rpc::Decode(status->next_open()) == At("2026-11-27T14:30:00Z"));  // over Thanksgiving
}

TEST_CASE_METHOD(ACalendar, "the calendar is public and lists what was asked for") {
  pb::ListSessionsRequest request;
  request.set_exchange("XNSE");
  request.set_start("2024-11-01");
  request.set_end("2024-11-01");
  const auto reply = Ask(&pb::CalendarService::Stub::ListSessions, request);
  REQUIRE_THAT(reply.status(), IsOk());
  REQUIRE(reply->sessions_size() == 1);
  CHECK(reply->sessions(0).occasion() == "Muhurat trading");
}

TEST_CASE_METHOD(ACalendar, "wrong fields arrive with their names") {
  pb::ListSessionsRequest request;
  request.set_exchange("XLON");
  request.set_start("soon");
  const absl::Status refused = Ask(&pb::CalendarService::Stub::ListSessions, request).status();
  CHECK_THAT(refused, NamesField("exchange"));
  CHECK_THAT(refused, NamesField("start"));
}

}  // namespace
}  // namespace papertape::market

#include "libs/rpc/breaker.h"

#include <vector>

#include "libs/clock/fake_clock.h"
#include "libs/rpc/status_wire.h"
#include "tests/support/matchers.h"

namespace papertape::rpc {
namespace {

using testing::HasReason;
using testing::IsOk;

constexpr bool kFailed = true;

TEST_CASE("three failures in a row open the breaker for ten seconds") {
  FakeClock clock;
  std::vector<Breaker::State> entered;
  Breaker breaker("market_data", clock, [&](Breaker::State state) { entered.push_back(state); });
  for (int i = 0; i < 3; ++i) {
    CHECK(breaker.state() == Breaker::State::kClosed);
    CHECK_THAT(breaker.Allow(), IsOk());
    breaker.Record(kFailed);
  }
  CHECK(breaker.state() == Breaker::State::kOpen);
  CHECK_THAT(breaker.Allow(), HasReason(Reason::kUNAVAILABLE));
  CHECK(DetailsOf(breaker.Allow()).retry_after_ms == 10'000);

  clock.Advance(std::chrono::seconds(10));
  CHECK_THAT(breaker.Allow(), IsOk());
  CHECK(breaker.state() == Breaker::State::kHalfOpen);
  CHECK_THAT(breaker.Allow(), HasReason(Reason::kUNAVAILABLE));  // one probe at a time
  breaker.Record(kFailed);
  CHECK_THAT(breaker.Allow(), HasReason(Reason::kUNAVAILABLE));

  clock.Advance(std::chrono::seconds(10));
  CHECK_THAT(breaker.Allow(), IsOk());
  breaker.Record(!kFailed);
  CHECK_THAT(breaker.Allow(), IsOk());
  using enum Breaker::State;
  CHECK(entered == std::vector{kOpen, kHalfOpen, kOpen, kHalfOpen, kClosed});
}

TEST_CASE("an answer of any kind is health") {
  FakeClock clock;
  Breaker breaker("engine", clock);
  for (int i = 0; i < 10; ++i) {
    breaker.Record(i % 3 != 2);
    CHECK_THAT(breaker.Allow(), IsOk());
  }
}

TEST_CASE("only a peer that is not reached or not in time has failed") {
  CHECK(IsOutage({grpc::StatusCode::UNAVAILABLE, "connection refused"}));
  CHECK(IsOutage({grpc::StatusCode::DEADLINE_EXCEEDED, ""}));
  CHECK(IsOutage(ToGrpc(Error(Reason::kDEADLINE_EXCEEDED))));
  CHECK_FALSE(IsOutage(grpc::Status::OK));
  // What the peer has said itself is an answer, whatever it says.
  for (const Reason reason : {Reason::kUNAVAILABLE, Reason::kOVERLOADED, Reason::kINVALID_CREDENTIALS,
                              Reason::kRATE_LIMITED, Reason::kINTERNAL, Reason::kNOT_FOUND}) {
    CHECK_FALSE(IsOutage(ToGrpc(Error(reason))));
  }
}

}  // namespace
}  // namespace papertape::rpc

#include "libs/rpc/breaker.h"

#include "libs/clock/fake_clock.h"
#include "tests/support/matchers.h"

namespace papertape::rpc {
namespace {

using testing::HasReason;
using testing::IsOk;

const absl::Status kDown = absl::UnavailableError("");

TEST_CASE("three failures in a row open the breaker for ten seconds") {
  FakeClock clock;
  Breaker breaker("market_data", clock);
  for (int i = 0; i < 3; ++i) {
    CHECK_THAT(breaker.Allow(), IsOk());
    breaker.Record(kDown);
  }
  CHECK_THAT(breaker.Allow(), HasReason(Reason::kUNAVAILABLE));
  CHECK(DetailsOf(breaker.Allow()).retry_after_ms == 10'000);

  clock.Advance(std::chrono::seconds(10));
  CHECK_THAT(breaker.Allow(), IsOk());
  CHECK_THAT(breaker.Allow(), HasReason(Reason::kUNAVAILABLE));  // one probe at a time
  breaker.Record(kDown);
  CHECK_THAT(breaker.Allow(), HasReason(Reason::kUNAVAILABLE));

  clock.Advance(std::chrono::seconds(10));
  CHECK_THAT(breaker.Allow(), IsOk());
  breaker.Record(absl::OkStatus());
  CHECK_THAT(breaker.Allow(), IsOk());
}

TEST_CASE("an answer of any kind is health") {
  FakeClock clock;
  Breaker breaker("engine", clock);
  for (int i = 0; i < 10; ++i) {
    breaker.Record(i % 3 == 2 ? absl::NotFoundError("") : kDown);
    CHECK_THAT(breaker.Allow(), IsOk());
  }
}

}  // namespace
}  // namespace papertape::rpc

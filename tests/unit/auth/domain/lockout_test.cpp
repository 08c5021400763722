#include "services/auth/domain/lockout.h"

#include "libs/clock/fake_clock.h"
#include "tests/support/auth/code_contracts.h"
#include "tests/support/auth/code_fakes.h"
#include "tests/support/auth/fakes.h"
#include "tests/support/catch.h"
#include "tests/support/matchers.h"

namespace papertape::auth {
namespace {

using std::chrono::seconds;
using testing::HasReason;
using testing::IsOk;

struct World {
  FakeClock clock;
  FakeFailureStore store;
  FakeSecretHash hash;
  FakeAuditLog audit;
  Lockout lockout{{.failures = store, .hash = hash, .audit = audit, .clock = clock}, {}};

  absl::Status Fail(const std::string& account = "ann", const std::string& address = "192.0.2.1") {
    return lockout.Admit(account, address).status();
  }
  Lockout::Attempt Admitted(const std::string& account = "ann", const std::string& address = "192.0.2.1") {
    auto attempt = lockout.Admit(account, address);
    REQUIRE_THAT(attempt.status(), IsOk());
    return *attempt;
  }
};

TEST_CASE("the fake failure store keeps to the contract") {
  FakeFailureStore store;
  CheckFailureStoreContract(store);
}

TEST_CASE("the delay begins at the threshold, doubles, and stops at its longest") {
  const LockoutRule rule;
  CHECK(DelayAfter(4, rule) == seconds(0));
  CHECK(DelayAfter(5, rule) == seconds(1));
  CHECK(DelayAfter(6, rule) == seconds(2));
  CHECK(DelayAfter(14, rule) == seconds(512));
  CHECK(DelayAfter(15, rule) == seconds(900));
  CHECK(DelayAfter(2'000'000'000, rule) == seconds(900));
  CHECK(DelayAfter(1'000, {.threshold = 0}) == seconds(0));
}

TEST_CASE("after five failures in a row an account waits, and is told how long") {
  World world;
  for (int i = 0; i < 5; ++i) CHECK_THAT(world.Fail(), IsOk());
  const absl::Status refused = world.Fail();
  CHECK_THAT(refused, HasReason(Reason::kTOO_MANY_ATTEMPTS));
  CHECK(DetailsOf(refused).retry_after_ms == 1'000);
  world.clock.Advance(std::chrono::milliseconds(400));
  CHECK(DetailsOf(world.Fail()).retry_after_ms == 600);
  world.clock.Advance(std::chrono::milliseconds(600));
  CHECK_THAT(world.Fail(), IsOk());
  CHECK(DetailsOf(world.Fail()).retry_after_ms == 2'000);  // refusals have not counted
  CHECK_THAT(world.Fail("bob"), IsOk());
}

TEST_CASE("success clears the account") {
  World world;
  for (int i = 0; i < 4; ++i) CHECK_THAT(world.Fail(), IsOk());
  REQUIRE_THAT(world.lockout.Succeeded(world.Admitted()), IsOk());
  for (int i = 0; i < 5; ++i) CHECK_THAT(world.Fail(), IsOk());
  CHECK_THAT(world.Fail(), HasReason(Reason::kTOO_MANY_ATTEMPTS));
}

TEST_CASE("an address that fails with many accounts waits, and no account of others does") {
  World world;
  for (int i = 0; i < 20; ++i) CHECK_THAT(world.Fail("user" + std::to_string(i)), IsOk());
  CHECK_THAT(world.Fail("another"), HasReason(Reason::kTOO_MANY_ATTEMPTS));
  CHECK_THAT(world.Fail("another", "192.0.2.2"), IsOk());
}

TEST_CASE("one success does not clear an address: a thief's own account opens no door") {
  World world;
  for (int i = 0; i < 19; ++i) CHECK_THAT(world.Fail("user" + std::to_string(i)), IsOk());
  REQUIRE_THAT(world.lockout.Succeeded(world.Admitted("thief")), IsOk());
  CHECK_THAT(world.Fail("user19"), IsOk());
  CHECK_THAT(world.Fail("user20"), HasReason(Reason::kTOO_MANY_ATTEMPTS));
}

TEST_CASE("an address forgets one failure a minute, an account one an hour") {
  World world;
  for (int i = 0; i < 20; ++i) CHECK_THAT(world.Fail("user" + std::to_string(i)), IsOk());
  world.clock.Advance(std::chrono::minutes(20));
  for (int i = 0; i < 20; ++i) CHECK_THAT(world.Fail("other" + std::to_string(i)), IsOk());
  CHECK_THAT(world.Fail("another"), HasReason(Reason::kTOO_MANY_ATTEMPTS));

  for (int i = 0; i < 5; ++i) CHECK_THAT(world.Fail("ann", ""), IsOk());
  world.clock.Advance(std::chrono::hours(2));
  for (int i = 0; i < 2; ++i) CHECK_THAT(world.Fail("ann", ""), IsOk());
  CHECK_THAT(world.Fail("ann", ""), HasReason(Reason::kTOO_MANY_ATTEMPTS));
}

TEST_CASE("an attempt of which nobody can tell whether it was right is taken back") {
  World world;
  for (int i = 0; i < 50; ++i) REQUIRE_THAT(world.lockout.TakeBack(world.Admitted()), IsOk());
  for (int i = 0; i < 4; ++i) CHECK_THAT(world.Fail(), IsOk());
  const Lockout::Attempt fifth = world.Admitted();
  CHECK_THAT(world.Fail(), HasReason(Reason::kTOO_MANY_ATTEMPTS));
  REQUIRE_THAT(world.lockout.TakeBack(fifth), IsOk());
  CHECK_THAT(world.Fail(), IsOk());
}

TEST_CASE("a refusal for the address does not count for the account") {
  World world;
  for (int i = 0; i < 20; ++i) CHECK_THAT(world.Fail("user" + std::to_string(i)), IsOk());
  for (int i = 0; i < 10; ++i) CHECK_THAT(world.Fail("ann"), HasReason(Reason::kTOO_MANY_ATTEMPTS));
  for (int i = 0; i < 5; ++i) CHECK_THAT(world.Fail("ann", "192.0.2.2"), IsOk());
}

TEST_CASE("a guarded check that is wrong counts, one that is right clears, one that fails is nothing") {
  World world;
  int checks = 0;
  const auto guard = [&](absl::StatusOr<bool> answer) {
    return world.lockout.Guard({.name = "ann", .user_id = 7}, {.client_address = "192.0.2.1"}, [&] {
      ++checks;
      return answer;
    });
  };
  for (int i = 0; i < 4; ++i) CHECK_FALSE(*guard(false));
  CHECK(*guard(true));
  for (int i = 0; i < 4; ++i) CHECK_FALSE(*guard(false));
  CHECK_THAT(guard(Error(Reason::kUNAVAILABLE)).status(), HasReason(Reason::kUNAVAILABLE));
  CHECK(world.audit.entries.empty());
  CHECK_FALSE(*guard(false));
  CHECK(checks == 11);
  CHECK_THAT(guard(true).status(), HasReason(Reason::kTOO_MANY_ATTEMPTS));
  CHECK(checks == 11);  // refused unchecked
  REQUIRE(world.audit.entries.size() == 1);
  CHECK(world.audit.entries[0].action == deed::kLockedOut);
  CHECK(world.audit.entries[0].subject_id == 7);
}

TEST_CASE("what failed long ago is forgotten") {
  World world;
  CHECK_THAT(world.Fail(), IsOk());
  world.clock.Advance(std::chrono::hours(24 * 6));
  REQUIRE_THAT(world.lockout.EraseOld(), IsOk());
  CHECK(world.store.size() == 2);
  world.clock.Advance(std::chrono::hours(25));
  REQUIRE_THAT(world.lockout.EraseOld(), IsOk());
  CHECK(world.store.size() == 0);
}

}  // namespace
}  // namespace papertape::auth

// The way of a session's end from auth's transaction to the verifiers of other processes.
#include <chrono>

#include "libs/auth/token.h"
#include "libs/events/events.h"
#include "libs/ids/ids.h"
#include "libs/rpc/revocation_tail.h"
#include "migrations/auth_store.h"
#include "services/auth/store/pg_session_store.h"
#include "services/auth/store/pg_user_store.h"
#include "tests/support/eventually.h"
#include "tests/support/matchers.h"
#include "tests/support/test_database.h"

namespace papertape::auth {
namespace {

using namespace std::chrono_literals;
using testing::Eventually;
using testing::HasReason;
using testing::IsOk;

// What another process has: a list that follows the stream, and a verifier that consults it.
struct AnotherProcess {
  explicit AnotherProcess(const std::string& redis_url, WithoutRedis without_redis = WithoutRedis::kServe)
      : revocations(SystemClock(), without_redis), tail(redis_url, revocations, SystemClock()) {}
  ~AnotherProcess() { tail.Stop(); }
  AnotherProcess(const AnotherProcess&) = delete;
  AnotherProcess& operator=(const AnotherProcess&) = delete;

  Revocations revocations;
  rpc::RevocationTail tail;
};

struct AuthProcess {
  const testing::TestDatabase database;
  const testing::TestRedis server;
  const std::unique_ptr<pg::Pool> pool = database.Migrated("auth", auth_store::Migrations());
  redis::Client redis{{.url = server.url()}};
  IdSource ids{SystemClock(), SystemRandom()};
  const AuditTrail trail{"a secret for tests, 32 bytes long", SystemClock()};
  PgUserStore users{*pool, trail};
  PgSessionStore sessions{*pool, ids, trail};
  events::Relay relay{*pool, redis, SystemClock(), {.stream = rpc::kAuthStream}};
  int begun = 0;

  // A session that begins and ends.
  std::string EndOne() {
    const std::string id = "session" + std::to_string(++begun);
    StoredUser stored;
    stored.user.email = id + "@example.com";
    stored.user.username = id;
    const std::int64_t user_id = users.Insert(stored, {}, {.action = deed::kRegistered})->id;
    const Timestamp now = SystemClock().Now();
    REQUIRE_THAT(sessions.Insert({.id = id,
                                  .user_id = user_id,
                                  .refresh_digest = std::string(62, 'a') + std::to_string(10 + begun),
                                  .now = now,
                                  .expires_at = now + 1h,
                                  .entry = {.action = deed::kSignedIn, .subject_id = user_id}}),
                 IsOk());
    const Ending ending{.now = now, .tokens_until = now + 10min, .entry = {.action = deed::kSignedOut}};
    REQUIRE_THAT(sessions.End(user_id, id, "", ending).status(), IsOk());
    return id;
  }
};

TEST_CASE("the end of a session reaches a process that runs, and one that starts later") {
  AuthProcess auth;
  AnotherProcess running(auth.server.url());
  running.tail.Start();
  const std::string first = auth.EndOne();
  CHECK_THAT(running.revocations.Check(first), IsOk());  // committed, and not yet told
  REQUIRE(*auth.relay.MoveOnce() == 1);
  CHECK(Eventually([&] { return !running.revocations.Check(first).ok(); }));
  CHECK_THAT(running.revocations.Check(first), HasReason(Reason::kSESSION_ENDED));

  AnotherProcess late(auth.server.url());
  late.tail.Start();
  CHECK_THAT(late.revocations.Check(first), HasReason(Reason::kSESSION_ENDED));  // known before the first call
  CHECK_THAT(late.revocations.Check("another"), IsOk());
}

TEST_CASE("a process that was cut off hears what it missed, and what is no event does not stop it") {
  AuthProcess auth;
  AnotherProcess other(auth.server.url());
  other.tail.Start();
  auth.server.CutClients();
  REQUIRE_THAT(auth.redis.Run({"XADD", rpc::kAuthStream, "*", "nonsense", "1"}).status(), IsOk());
  const std::string missed = auth.EndOne();
  REQUIRE(Eventually([&] { return auth.relay.MoveOnce().value_or(0) == 1; }));
  CHECK(Eventually([&] { return !other.revocations.Check(missed).ok(); }));
}

TEST_CASE("a process that cannot hear Redis serves or refuses, as told, and starts all the same") {
  const std::string nowhere = "redis://127.0.0.1:1/0";
  AnotherProcess lenient(nowhere);
  AnotherProcess strict(nowhere, WithoutRedis::kRefuse);
  lenient.tail.Start();
  strict.tail.Start();
  CHECK_THAT(lenient.revocations.Check("any"), IsOk());
  CHECK_THAT(strict.revocations.Check("any"), HasReason(Reason::kUNAVAILABLE));
}

}  // namespace
}  // namespace papertape::auth

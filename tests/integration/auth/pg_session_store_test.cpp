#include "services/auth/store/pg_session_store.h"

#include <algorithm>
#include <thread>

#include "migrations/auth_store.h"
#include "papertape/auth/v1/auth_event.pb.h"
#include "services/auth/store/pg_user_store.h"
#include "tests/support/auth/session_store_contract.h"
#include "tests/support/matchers.h"
#include "tests/support/test_database.h"

namespace papertape::auth {
namespace {

using testing::IsOk;

struct Stores {
  const testing::TestDatabase database;
  const std::unique_ptr<pg::Pool> pool = database.Migrated("auth", auth_store::Migrations());
  IdSource ids{SystemClock(), SystemRandom()};
  const AuditTrail trail{"a secret for tests, 32 bytes long", SystemClock()};
  PgUserStore users{*pool, trail};
  PgSessionStore sessions{*pool, ids, trail};

  // A session of a new user, whose first refresh token has this digest.
  void Begin(const std::string& id, const std::string& digest) {
    StoredUser stored;
    stored.user.email = id + "@example.com";
    stored.user.username = id;
    const std::int64_t user_id = users.Insert(stored, {}, {.action = deed::kRegistered})->id;
    REQUIRE_THAT(sessions.Insert({.id = id,
                                  .user_id = user_id,
                                  .refresh_digest = digest,
                                  .now = SystemClock().Now(),
                                  .expires_at = SystemClock().Now() + std::chrono::hours(1),
                                  .entry = {.action = deed::kSignedIn, .subject_id = user_id}}),
                 IsOk());
  }
  static Rotation RotationOf(const std::string& spent, const std::string& next) {
    const Timestamp now = SystemClock().Now();
    return {.spent_digest = spent,
            .next_digest = next,
            .expires_at = now + std::chrono::hours(1),
            .on_reuse = {.reason = EndReason::kReuse,
                         .now = now,
                         .tokens_until = now + std::chrono::minutes(10),
                         .entry = {.action = deed::kRefreshReused}}};
  }
};

TEST_CASE("the PostgreSQL session store keeps to the contract") {
  Stores stores;
  CheckSessionStoreContract(stores.sessions, stores.users);
}

TEST_CASE("of many renewals with one token at once exactly one gets a pair, and the session ends") {
  Stores stores;
  stores.Begin("s1", std::string(64, 'a'));
  constexpr int kAtOnce = 16;
  std::vector<RotationOutcome> outcomes(kAtOnce);
  std::vector<std::thread> threads;
  for (int i = 0; i < kAtOnce; ++i) {
    threads.emplace_back([&, i] {
      const auto rotated =
          stores.sessions.Rotate(Stores::RotationOf(std::string(64, 'a'), std::string(64, static_cast<char>('A' + i))));
      outcomes[static_cast<std::size_t>(i)] = rotated->outcome;
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(std::count(outcomes.begin(), outcomes.end(), RotationOutcome::kRotated) == 1);
  CHECK(std::count(outcomes.begin(), outcomes.end(), RotationOutcome::kUnknown) == 0);
  CHECK(stores.database.Execute("select ended_for from auth.sessions") == "reuse");
  CHECK(stores.database.Execute("select count(*) from auth.outbox") == "1");  // told once
  CHECK(stores.database.Execute("select count(*) from auth.audit_log where action = 'session.refresh_reused' and "
                                "subject_id = (select id from auth.users)") == "1");
}

TEST_CASE("the end of a session stands in the outbox of its transaction, and may be told again") {
  Stores stores;
  stores.Begin("s1", std::string(64, 'a'));
  REQUIRE_THAT(stores.sessions.Rotate(Stores::RotationOf(std::string(64, 'a'), std::string(64, 'b'))).status(), IsOk());
  REQUIRE_THAT(stores.sessions.Rotate(Stores::RotationOf(std::string(64, 'a'), std::string(64, 'c'))).status(), IsOk());
  CHECK(stores.database.Execute("select count(*) from auth.outbox where type = 'papertape.auth.v1.AuthEvent' and "
                                "position('s1'::bytea in payload) > 0") == "1");
  const auto ended = stores.sessions.FindEnded(SystemClock().Now());
  REQUIRE(ended->size() == 1);
  REQUIRE_THAT(stores.sessions.TellAgain(*ended, SystemClock().Now()), IsOk());
  CHECK(stores.database.Execute("select count(*) from auth.outbox") == "2");
}

}  // namespace
}  // namespace papertape::auth

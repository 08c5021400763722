#include "services/auth/store/pg_api_key_store.h"

#include <thread>

#include "libs/clock/clock.h"
#include "libs/status/status.h"
#include "migrations/auth_store.h"
#include "services/auth/store/pg_session_store.h"
#include "services/auth/store/pg_user_store.h"
#include "tests/support/auth/fake_api_key_store.h"
#include "tests/support/matchers.h"
#include "tests/support/test_database.h"

namespace papertape::auth {
namespace {

using testing::IsOk;

struct Stores {
  const testing::TestDatabase database;
  const std::unique_ptr<pg::Pool> pool = database.Migrated("auth", auth_store::Migrations());
  const AuditTrail trail{"a secret for tests, 32 bytes long", SystemClock()};
  IdSource ids{SystemClock(), SystemRandom()};
  PgUserStore users{*pool, trail};
  PgApiKeyStore keys{*pool, ids, trail};
  PgSessionStore sessions{*pool, ids, trail};

  std::int64_t User(const std::string& name) {
    StoredUser user;
    user.user.email = name + "@example.com";
    user.user.username = name;
    user.password_hash = "hash";
    return users.Insert(user, {}, {.action = deed::kRegistered})->id;
  }
};

StoredApiKey AKey(const std::string& id, std::int64_t owner) {
  return {.key = {.id = id,
                  .user_id = owner,
                  .name = "bot",
                  .scopes = {"read"},
                  .created_at = SystemClock().Now(),
                  .expires_at = std::nullopt,
                  .last_used_at = std::nullopt},
          .secret_digest = std::string(64, 'd')};
}

TEST_CASE("the PostgreSQL key store keeps to the contract") {
  Stores stores;
  const std::int64_t owner = stores.User("ann");
  CheckApiKeyStoreContract(stores.keys, owner, stores.User("bob"));
}

TEST_CASE("however many keys are made at once, an account has no more than it may") {
  Stores stores;
  const std::int64_t owner = stores.User("ann");
  std::vector<std::thread> threads;
  for (int i = 0; i < 6; ++i) {
    threads.emplace_back(
        [&, i] { stores.keys.Insert(AKey("pk_" + std::to_string(i), owner), 2, {}, {}).status().IgnoreError(); });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(stores.keys.List(owner)->size() == 2);
}

TEST_CASE("making and revoking a key is recorded, and its end is told, now and at the next start") {
  Stores stores;
  const std::int64_t owner = stores.User("ann");
  const Origin from{.actor = Actor::kUser, .user_id = owner, .client_address = "192.0.2.7", .request_id = "r"};
  REQUIRE_THAT(stores.keys.Insert(AKey("pk_1", owner), 20, {}, from).status(), IsOk());
  const Timestamp now = SystemClock().Now();
  const KeyEnding ending{.now = now, .tokens_until = now + std::chrono::minutes(10), .from = from};
  REQUIRE_THAT(stores.keys.Revoke(owner, "pk_1", ending), IsOk());
  CHECK(stores.database.Execute("select string_agg(action, ' ' order by number) from auth.audit_log") ==
        "user.registered api_key.created api_key.revoked");
  CHECK(stores.database.Execute("select count(*) from auth.audit_log where detail like '%dddd%'") == "0");
  CHECK(stores.database.Execute("select count(*) from auth.outbox where payload::text like '%6b65792d706b5f31%'") ==
        "1");  // "key-pk_1"
  const auto ended = stores.sessions.FindEnded(now);
  REQUIRE(ended->size() == 1);
  CHECK(ended->front().id == "key-pk_1");
  CHECK(stores.sessions.FindEnded(ending.tokens_until)->empty());
}

}  // namespace
}  // namespace papertape::auth

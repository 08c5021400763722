#include "services/auth/store/audit_trail.h"

#include <thread>
#include <vector>

#include "migrations/auth_store.h"
#include "tests/support/matchers.h"
#include "tests/support/test_database.h"

namespace papertape::auth {
namespace {

using testing::IsOk;

struct Log {
  const testing::TestDatabase database;
  const std::unique_ptr<pg::Pool> pool = database.Migrated("auth", auth_store::Migrations());
  const AuditTrail trail{"a secret for tests, 32 bytes long", SystemClock()};
  PgAuditLog log{*pool, trail};

  std::string Ask(const std::string& sql) const { return database.Execute(sql); }
};

TEST_CASE("an entry is kept as it was given, in order and without gaps") {
  Log audit;
  REQUIRE_THAT(
      audit.log.Record(
          {.by = {.actor = Actor::kUser, .user_id = 7, .client_address = "192.0.2.7", .request_id = "request 1"},
           .action = deed::kPasswordChanged,
           .subject_id = 7,
           .detail = {{"sessions", "3"}, {"note", "a \"quoted\" \n line"}}}),
      IsOk());
  REQUIRE_THAT(audit.log.Record({.action = deed::kSignInRefused}), IsOk());
  CHECK(audit.Ask("select actor || ' ' || actor_id || ' ' || action || ' ' || subject_id || ' ' || client_address || "
                  "' ' || request_id from auth.audit_log where number = 1") ==
        "user 7 password.changed 7 192.0.2.7 request 1");
  CHECK(audit.Ask("select detail::json->>'note' from auth.audit_log where number = 1") == "a \"quoted\" \n line");
  CHECK(audit.Ask("select number || ' ' || actor from auth.audit_log order by number desc limit 1") == "2 nobody");
  CHECK(audit.Ask("select h.number = 2 and h.hash = l.hash and h.hash <> '' and h.seal <> '' from auth.audit_head h, "
                  "auth.audit_log l where l.number = 2") == "t");
}

TEST_CASE("entries of many threads make one chain") {
  Log audit;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int n = 0; n < 10; ++n) audit.log.Record({.action = deed::kSignedIn}).IgnoreError();
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(audit.Ask("select count(*) || ' ' || max(number) from auth.audit_log") == "40 40");
}

TEST_CASE("an entry goes with its transaction") {
  Log audit;
  const absl::Status outcome = audit.pool->Transact([&](pg::Transaction& transaction) {
    audit.trail.Append(transaction, {.action = deed::kRoleChanged});
    return absl::AbortedError("changed its mind");
  });
  CHECK_FALSE(outcome.ok());
  CHECK(audit.Ask("select count(*) from auth.audit_log") == "0");
  CHECK(audit.Ask("select number from auth.audit_head") == "0");
}

TEST_CASE("the database refuses to change, delete or empty the log") {
  Log audit;
  REQUIRE_THAT(audit.log.Record({.action = deed::kSignedIn}), IsOk());
  for (const char* sql : {"update audit_log set action = 'nothing'", "delete from audit_log", "truncate audit_log",
                          "delete from audit_head", "truncate audit_head"}) {
    const absl::Status refused = audit.pool->Transact([&](pg::Transaction& transaction) {
      transaction.Exec(sql);
      return absl::OkStatus();
    });
    INFO(sql);
    CHECK_FALSE(refused.ok());
  }
  CHECK(audit.Ask("select action from auth.audit_log") == "login.succeeded");
}

}  // namespace
}  // namespace papertape::auth

#include "services/auth/store/pg_user_store.h"

#include <thread>

#include "migrations/auth_store.h"
#include "tests/support/auth/user_store_contract.h"
#include "tests/support/matchers.h"
#include "tests/support/test_database.h"

namespace papertape::auth {
namespace {

using testing::HasReason;
using testing::IsOk;

TEST_CASE("the PostgreSQL store keeps to the contract") {
  const testing::TestDatabase database;
  const auto pool = database.Migrated("auth", auth_store::Migrations());
  const AuditTrail trail("a secret for tests, 32 bytes long", SystemClock());
  PgUserStore store(*pool, trail);
  CheckUserStoreContract(store);
}

TEST_CASE("of many registrations of one address at once exactly one is stored") {
  const testing::TestDatabase database;
  const auto pool = database.Migrated("auth", auth_store::Migrations());
  const AuditTrail trail("a secret for tests, 32 bytes long", SystemClock());
  PgUserStore store(*pool, trail);
  constexpr int kAtOnce = 8;
  std::vector<absl::Status> outcomes(kAtOnce);
  std::vector<std::thread> threads;
  for (int i = 0; i < kAtOnce; ++i) {
    threads.emplace_back([&, i] {
      StoredUser user;
      user.user.email = "ann@example.com";
      user.user.username = "ann" + std::to_string(i);
      user.password_hash = "hash";
      outcomes[static_cast<std::size_t>(i)] = store.Insert(user, {}, {.action = deed::kRegistered}).status();
    });
  }
  for (std::thread& thread : threads) thread.join();
  int stored = 0;
  for (const absl::Status& outcome : outcomes) {
    if (outcome.ok()) {
      ++stored;
    } else {
      CHECK_THAT(outcome, HasReason(Reason::kEMAIL_TAKEN));
    }
  }
  CHECK(stored == 1);
  CHECK(database.Execute("select count(*) from auth.users") == "1");
}

TEST_CASE("the database itself refuses an address in upper case and a role that is none") {
  const testing::TestDatabase database;
  const auto pool = database.Migrated("auth", auth_store::Migrations());
  const AuditTrail trail("a secret for tests, 32 bytes long", SystemClock());
  PgUserStore store(*pool, trail);
  StoredUser user;
  user.user.email = "Ann@example.com";
  user.user.username = "ann";
  CHECK_FALSE(store.Insert(user, {}, {.action = deed::kRegistered}).ok());
  user.user.email = "ann@example.com";
  user.user.role = "king";
  CHECK_FALSE(store.Insert(user, {}, {.action = deed::kRegistered}).ok());
}

// A second database on the test's server, where É has a lower case.
class Utf8Database {
 public:
  explicit Utf8Database(const testing::TestDatabase& server) : server_(server), dsn_(server.dsn()) {
    dsn_.replace(dsn_.find(server.name()), server.name().size(), name_);
    server_.Execute("create database " + name_ + " template template0 encoding 'UTF8' locale 'C.UTF-8'");
  }
  ~Utf8Database() { server_.Execute("drop database " + name_ + " with (force)"); }
  Utf8Database(const Utf8Database&) = delete;
  Utf8Database& operator=(const Utf8Database&) = delete;
  [[nodiscard]] const std::string& dsn() const { return dsn_; }

 private:
  const testing::TestDatabase& server_;
  const std::string name_ = server_.name() + "_utf8";
  std::string dsn_;
};

TEST_CASE("an address with a capital beyond ASCII is stored whatever the database's locale") {
  const testing::TestDatabase server;
  const Utf8Database database(server);
  REQUIRE_THAT(pg::MigrateUp({database.dsn(), "auth", auth_store::Migrations()}).status(), IsOk());
  pg::Pool pool({.dsn = database.dsn(), .schema = "auth"});
  const AuditTrail trail("a secret for tests, 32 bytes long", SystemClock());
  PgUserStore store(pool, trail);
  StoredUser user;
  user.user.email = "Éric@example.com";
  user.user.username = "eric";
  CHECK_THAT(store.Insert(user, {}, {.action = deed::kRegistered}).status(), IsOk());
  CHECK(store.FindByEmail("Éric@example.com")->has_value());
}

TEST_CASE("the migrations go down as they came up") {
  const testing::TestDatabase database;
  const auto pool = database.Migrated("auth", auth_store::Migrations());
  const pg::MigrationPlan plan{database.dsn(), "auth", auth_store::Migrations()};
  REQUIRE_THAT(pg::MigrateDown(plan, 0).status(), IsOk());
  CHECK(database.Execute("select count(*) from pg_tables where schemaname = 'auth' and tablename <> "
                         "'schema_migrations'") == "0");
  REQUIRE_THAT(pg::MigrateUp(plan).status(), IsOk());
}

}  // namespace
}  // namespace papertape::auth

#include <thread>

#include "libs/pg/migrator.h"
#include "migrations/integration_libs.h"
#include "tests/support/catch.h"
#include "tests/support/matchers.h"
#include "tests/support/test_database.h"

namespace papertape::pg {
namespace {

using testing::HasReason;
using testing::IsOk;
using testing::TestDatabase;

MigrationPlan PlanFor(const TestDatabase& database) {
  return {.dsn = database.dsn(), .schema = "library", .migrations = integration_libs::Migrations()};
}

}  // namespace

TEST_CASE("embedded migrations are the files, in the order of their versions") {
  const std::vector<Migration>& migrations = integration_libs::Migrations();
  REQUIRE(migrations.size() == 2);
  CHECK(migrations[0].version == 1);
  CHECK(migrations[0].name == "make_shelf");
  CHECK(migrations[0].up.find("default 'a;b\\c \"d\"'") != std::string::npos);
  CHECK(migrations[0].down.find("drop table shelf") != std::string::npos);
  CHECK(migrations[1].version == 2);
}

TEST_CASE("migrations apply once, in the service's own schema") {
  const TestDatabase database;
  const MigrationPlan plan = PlanFor(database);
  const auto first = MigrateUp(plan);
  REQUIRE_THAT(first.status(), IsOk());
  CHECK(*first == std::vector<int>{1, 2});
  const auto second = MigrateUp(plan);
  REQUIRE_THAT(second.status(), IsOk());
  CHECK(second->empty());
  database.Execute("insert into library.shelf (id, colour) values (1, 'red')");
  CHECK(database.Execute("select title from library.shelf") == "a;b\\c \"d\"");
}

TEST_CASE("migrations are taken back newest first, down to the target") {
  const TestDatabase database;
  const MigrationPlan plan = PlanFor(database);
  REQUIRE_THAT(MigrateUp(plan).status(), IsOk());
  const auto one = MigrateDown(plan, 1);
  REQUIRE_THAT(one.status(), IsOk());
  CHECK(*one == std::vector<int>{2});
  const auto all = MigrateDown(plan, 0);
  REQUIRE_THAT(all.status(), IsOk());
  CHECK(*all == std::vector<int>{1});
  CHECK(database.Execute("select to_regclass('library.shelf') is null") == "t");
  CHECK(MigrateUp(plan)->size() == 2);
}

TEST_CASE("a migration that changed after it was applied is refused") {
  const TestDatabase database;
  MigrationPlan plan = PlanFor(database);
  REQUIRE_THAT(MigrateUp(plan).status(), IsOk());
  plan.migrations[0].up += " ";
  const absl::Status refused = MigrateUp(plan).status();
  CHECK_THAT(refused, HasReason(Reason::kCONFLICT));
  CHECK(MessageOf(refused) == "migrations of library: version 1 (make_shelf) has changed since it was applied");
}

TEST_CASE("a migration that this program does not know is refused, up and down") {
  const TestDatabase database;
  MigrationPlan plan = PlanFor(database);
  REQUIRE_THAT(MigrateUp(plan).status(), IsOk());
  plan.migrations.pop_back();
  CHECK_THAT(MigrateUp(plan).status(), HasReason(Reason::kCONFLICT));
  CHECK_THAT(MigrateDown(plan, 0).status(), HasReason(Reason::kCONFLICT));
}

TEST_CASE("a migration that fails leaves nothing of itself and all before it") {
  const TestDatabase database;
  MigrationPlan plan = PlanFor(database);
  plan.migrations[1].up = "create table half (id int); select 1 / 0;";
  const absl::Status status = MigrateUp(plan).status();
  REQUIRE_FALSE(status.ok());
  CHECK(MessageOf(status).find("could not apply version 2 (add_colour)") != std::string_view::npos);
  CHECK(MessageOf(status).find("division by zero") != std::string_view::npos);
  CHECK(database.Execute("select to_regclass('library.half') is null") == "t");
  CHECK(database.Execute("select string_agg(version::text, ',') from library.schema_migrations") == "1");
}

TEST_CASE("processes that start at once migrate once") {
  const TestDatabase database;
  const MigrationPlan plan = PlanFor(database);
  std::vector<absl::StatusOr<std::vector<int>>> answers(6, std::vector<int>{});
  std::vector<std::thread> starters;
  for (auto& answer : answers) starters.emplace_back([&] { answer = MigrateUp(plan); });
  for (std::thread& starter : starters) starter.join();
  std::size_t applied = 0;
  for (const auto& answer : answers) {
    REQUIRE_THAT(answer.status(), IsOk());
    applied += answer->size();
  }
  CHECK(applied == 2);
}

TEST_CASE("a role that may not create schemas migrates the schema it was given") {
  const TestDatabase database;
  const std::string role = "role_" + database.name();
  database.Execute("create role " + role + " login");
  database.Execute("create schema library authorization " + role);
  MigrationPlan plan = PlanFor(database);
  plan.dsn += "&user=" + role;
  const auto versions = MigrateUp(plan);
  CHECK_THAT(versions.status(), IsOk());
  database.Execute("drop owned by " + role);
  database.Execute("drop role " + role);
}

TEST_CASE("a plan that goes back or cannot go back is refused before anything is done") {
  const TestDatabase database;
  MigrationPlan plan = PlanFor(database);
  std::swap(plan.migrations[0], plan.migrations[1]);
  CHECK_THAT(MigrateUp(plan).status(), HasReason(Reason::kCONFLICT));
  plan = PlanFor(database);
  plan.migrations[1].down.clear();
  CHECK_THAT(MigrateUp(plan).status(), HasReason(Reason::kCONFLICT));
  CHECK(database.Execute("select to_regnamespace('library') is null") == "t");
}

}  // namespace papertape::pg

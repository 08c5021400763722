// The way from an older version with its data, and back.
#include "libs/pg/migrator.h"
#include "migrations/market_data_store.h"
#include "tests/support/catch.h"
#include "tests/support/matchers.h"
#include "tests/support/test_database.h"

namespace papertape::market {
namespace {

using papertape::testing::IsOk;
using papertape::testing::TestDatabase;

pg::MigrationPlan Until(const TestDatabase& database, long version) {
  const std::vector<pg::Migration>& all = market_data_store::Migrations();
  return {database.dsn(), "market_data", {all.begin(), all.begin() + version}};
}

constexpr const char* kBars =
    "insert into market_data.bars values ('A', '1d', '1987-10-19', 1, 2, 0.5, 1.5, 1.5, 7, 'test'), "
    "('A', '1d', '1999-12-31 23:59:59+00', 1, 2, 0.5, 1.5, 1.5, 7, 'test'), "
    "('A', '1d', '2000-01-01 00:00:00+00', 1, 2, 0.5, 1.5, 1.5, 7, 'test'), "
    "('A', '1d', '2036-02-29', 1, 2, 0.5, 1.5, 1.5, 7, 'test')";

TEST_CASE("bars move to the partition of their time, and back, and none is lost") {
  const TestDatabase database;
  REQUIRE_THAT(pg::MigrateUp(Until(database, 2)).status(), IsOk());
  database.Execute(kBars);
  const std::string every = "select md5(string_agg(b::text, ',' order by time)) from market_data.bars b";
  const std::string before = database.Execute(every);

  REQUIRE_THAT(pg::MigrateUp(Until(database, 3)).status(), IsOk());
  CHECK(database.Execute(every) == before);
  CHECK(database.Execute("select string_agg(tableoid::regclass::text, ' ' order by time) from market_data.bars") ==
        "market_data.bars_until_1999 market_data.bars_until_1999 market_data.bars_2000s market_data.bars_from_2035");

  REQUIRE_THAT(pg::MigrateDown(Until(database, 3), 2).status(), IsOk());
  CHECK(database.Execute(every) == before);
}

TEST_CASE("the ranges of the bars' partitions leave no moment out") {
  const TestDatabase database;
  REQUIRE_THAT(pg::MigrateUp(Until(database, 3)).status(), IsOk());
  database.Execute(
      "insert into market_data.bars select 'A', '1d', day, 1, 1, 1, 1, 1, 0, 'test' "
      "from generate_series('1950-01-01'::timestamptz, '2060-01-01', interval '97 hours') as day");
  CHECK(database.Execute("select count(distinct tableoid) from market_data.bars") == "19");
}

TEST_CASE("all of market_data's migrations can be taken back and applied again") {
  const TestDatabase database;
  const pg::MigrationPlan plan{database.dsn(), "market_data", market_data_store::Migrations()};
  REQUIRE_THAT(pg::MigrateUp(plan).status(), IsOk());
  REQUIRE_THAT(pg::MigrateDown(plan, 0).status(), IsOk());
  CHECK(database.Execute("select count(*) from pg_tables where schemaname = 'market_data' "
                         "and tablename <> 'schema_migrations'") == "0");
  CHECK_THAT(pg::MigrateUp(plan).status(), IsOk());
}

}  // namespace
}  // namespace papertape::market

#include "tests/support/migration_checks.h"

#include "fmt/format.h"
#include "tests/support/matchers.h"

namespace papertape::testing {

void CheckRelayMark(const TestDatabase& database, const std::string& schema, const std::vector<pg::Migration>& all,
                    int version, const std::string& data) {
  const auto until = [&](int last) {
    return pg::MigrationPlan{database.dsn(), schema, {all.begin(), all.begin() + last}};
  };
  REQUIRE_THAT(pg::MigrateUp(until(version - 1)).status(), IsOk());
  database.Execute(data);
  database.Execute(fmt::format(
      "insert into {}.outbox (id, type, user_id, time, request_id, payload, relayed_at) values "
      "('a', 't', 7, now(), '', '', '2026-03-02 14:30:01+00'), ('b', 't', 7, now(), '', '', '2026-03-02 14:30:59+00'), "
      "('c', 't', 7, now(), '', '', '2026-03-02 14:31:10+00'), ('d', 't', 7, now(), '', '', null), "
      "('e', 't', 7, now(), '', '', '2026-03-02 14:31:20+00'), ('f', 't', 7, now(), '', '', null)",
      schema));

  REQUIRE_THAT(pg::MigrateUp(until(version)).status(), IsOk());
  CHECK(database.Execute(fmt::format("select string_agg(position || ' ' || to_char(relayed_at at time zone 'UTC', "
                                     "'MI:SS'), ', ' order by position) from {}.outbox_relayed",
                                     schema)) == "2 30:59, 3 31:10");
  CHECK(database.Execute(fmt::format("select count(*) from {}.outbox", schema)) == "6");

  REQUIRE_THAT(pg::MigrateDown(until(version), version - 1).status(), IsOk());
  // What was relayed after one that waited is sent again: at least once.
  CHECK(database.Execute(fmt::format(
            "select string_agg(id, ' ' order by position) from {}.outbox where relayed_at is null", schema)) ==
        "d e f");
  REQUIRE_THAT(pg::MigrateUp(until(version)).status(), IsOk());
  CHECK(database.Execute(fmt::format("select max(position) from {}.outbox_relayed", schema)) == "3");
}

void CheckThereAndBack(const TestDatabase& database, const std::string& schema, const std::vector<pg::Migration>& all) {
  const pg::MigrationPlan plan{database.dsn(), schema, all};
  REQUIRE_THAT(pg::MigrateUp(plan).status(), IsOk());
  REQUIRE_THAT(pg::MigrateDown(plan, 0).status(), IsOk());
  CHECK(database.Execute(fmt::format(
            "select count(*) from pg_tables where schemaname = '{}' and tablename <> 'schema_migrations'", schema)) ==
        "0");
  CHECK_THAT(pg::MigrateUp(plan).status(), IsOk());
}

}  // namespace papertape::testing

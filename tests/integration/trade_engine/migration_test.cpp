// The way from an older version with its data, and back.
#include "libs/pg/migrator.h"
#include "migrations/trade_engine_store.h"
#include "tests/support/catch.h"
#include "tests/support/matchers.h"
#include "tests/support/test_database.h"

namespace papertape::trade_engine {
namespace {

using papertape::testing::IsOk;

constexpr const char* kOrder =
    "insert into trade_engine.accounts values (7, 'P', 100, 80, 20, 0, 'none', 'none', 1, 0, 0, 0, 2, now(), now());"
    "insert into trade_engine.trades (user_id, trade_id, symbol, side, quantity, entry_price, status, margin_used, "
    "fees, quote_source, quote_time, created_at) "
    "values (7, 'T', 'AAPL', 'BUY', 1, 100, 'ACTIVE', 20, 0, 'simulator', now(), now());"
    "insert into trade_engine.orders values (7, 'O', 'T', 'AAPL', 'BUY', true, 1, 'EXECUTED', 0, now());"
    "insert into trade_engine.fills values (7, 'O', 100, 1, 0, 'simulator', now(), 100, null, null);";

// Two minutes of relayed events; the third event of the second minute waits, and so does the last.
constexpr const char* kEvents =
    "insert into trade_engine.outbox (id, type, user_id, time, request_id, payload, relayed_at) values "
    "('a', 't', 7, now(), '', '', '2026-03-02 14:30:01+00'), ('b', 't', 7, now(), '', '', '2026-03-02 14:30:59+00'), "
    "('c', 't', 7, now(), '', '', '2026-03-02 14:31:10+00'), ('d', 't', 7, now(), '', '', null), "
    "('e', 't', 7, now(), '', '', '2026-03-02 14:31:20+00'), ('f', 't', 7, now(), '', '', null);";

TEST_CASE("marks on events become one mark a minute, and come back") {
  const papertape::testing::TestDatabase database;
  const std::vector<pg::Migration>& all = trade_engine_store::Migrations();
  const auto until = [&](std::size_t version) {
    return pg::MigrationPlan{database.dsn(), "trade_engine", {all.begin(), all.begin() + static_cast<long>(version)}};
  };
  REQUIRE_THAT(pg::MigrateUp(until(3)).status(), IsOk());
  database.Execute(kOrder);
  database.Execute(kEvents);

  REQUIRE_THAT(pg::MigrateUp(until(4)).status(), IsOk());
  CHECK(database.Execute("select string_agg(position || ' ' || to_char(relayed_at at time zone 'UTC', 'MI:SS'), ', ' "
                         "order by position) from trade_engine.outbox_relayed") == "2 30:59, 3 31:10");
  CHECK(database.Execute("select count(*) from trade_engine.outbox") == "6");
  CHECK(database.Execute("select count(*) from trade_engine.orders join trade_engine.fills using (order_id)") == "1");

  REQUIRE_THAT(pg::MigrateDown(until(4), 3).status(), IsOk());
  // What was relayed after one that waited is sent again: at least once.
  CHECK(database.Execute("select string_agg(id, ' ' order by position) from trade_engine.outbox "
                         "where relayed_at is null") == "d e f");
  REQUIRE_THAT(pg::MigrateUp(until(4)).status(), IsOk());
  CHECK(database.Execute("select max(position) from trade_engine.outbox_relayed") == "3");
}

TEST_CASE("all migrations can be taken back and applied again") {
  const papertape::testing::TestDatabase database;
  const pg::MigrationPlan plan{database.dsn(), "trade_engine", trade_engine_store::Migrations()};
  REQUIRE_THAT(pg::MigrateUp(plan).status(), IsOk());
  REQUIRE_THAT(pg::MigrateDown(plan, 0).status(), IsOk());
  CHECK(database.Execute("select count(*) from pg_tables where schemaname = 'trade_engine' "
                         "and tablename <> 'schema_migrations'") == "0");
  CHECK_THAT(pg::MigrateUp(plan).status(), IsOk());
}

}  // namespace
}  // namespace papertape::trade_engine

// The way from an older version with its data, and back.
#include "migrations/trade_engine_store.h"
#include "tests/support/catch.h"
#include "tests/support/matchers.h"
#include "tests/support/migration_checks.h"

namespace papertape::trade_engine {
namespace {

constexpr const char* kOrder =
    "insert into trade_engine.accounts values (7, 'P', 100, 80, 20, 0, 'none', 'none', 1, 0, 0, 0, 2, now(), now());"
    "insert into trade_engine.trades (user_id, trade_id, symbol, side, quantity, entry_price, status, margin_used, "
    "fees, quote_source, quote_time, created_at) "
    "values (7, 'T', 'AAPL', 'BUY', 1, 100, 'ACTIVE', 20, 0, 'simulator', now(), now());"
    "insert into trade_engine.orders values (7, 'O', 'T', 'AAPL', 'BUY', true, 1, 'EXECUTED', 0, now());"
    "insert into trade_engine.fills values (7, 'O', 100, 1, 0, 'simulator', now(), 100, null, null);";

TEST_CASE("marks on events become one mark a minute, and come back") {
  const papertape::testing::TestDatabase database;
  papertape::testing::CheckRelayMark(database, "trade_engine", trade_engine_store::Migrations(), 4, kOrder);
  CHECK(database.Execute("select count(*) from trade_engine.orders join trade_engine.fills using (order_id)") == "1");
}

TEST_CASE("what was traded before sessions had their own books was traded live, and stays when they are taken back") {
  const papertape::testing::TestDatabase database;
  const auto& all = trade_engine_store::Migrations();
  const auto until = [&](int version) {
    return pg::MigrationPlan{database.dsn(), "trade_engine", {all.begin(), all.begin() + version}};
  };
  REQUIRE_THAT(pg::MigrateUp(until(4)).status(), papertape::testing::IsOk());
  database.Execute(kOrder);
  REQUIRE_THAT(pg::MigrateUp(until(5)).status(), papertape::testing::IsOk());
  CHECK(database.Execute("select count(*) from trade_engine.trades where session = 0") == "1");
  database.Execute(
      "insert into trade_engine.accounts values (7, 'R', 100, 100, 0, 0, 'none', 'none', 0, 0, 0, 0, 1, "
      "now(), now(), 1)");
  REQUIRE_THAT(pg::MigrateDown(until(5), 4).status(), papertape::testing::IsOk());
  CHECK(database.Execute("select portfolio_id from trade_engine.accounts") == "P");
  CHECK(database.Execute("select count(*) from trade_engine.orders join trade_engine.fills using (order_id)") == "1");
}

TEST_CASE("what dividends paid stays paid when corporate actions are taken back") {
  const papertape::testing::TestDatabase database;
  const auto& all = trade_engine_store::Migrations();
  const auto until = [&](int version) {
    return pg::MigrationPlan{database.dsn(), "trade_engine", {all.begin(), all.begin() + version}};
  };
  REQUIRE_THAT(pg::MigrateUp(until(4)).status(), papertape::testing::IsOk());
  database.Execute(kOrder);
  REQUIRE_THAT(pg::MigrateUp(until(7)).status(), papertape::testing::IsOk());
  CHECK(database.Execute("select income from trade_engine.trades") == "0.000000");
  database.Execute(
      "insert into trade_engine.transfers (user_id, account_seq, line, from_book, to_book, amount, trade_id, "
      "created_at) values (7, 2, 1, 'dividends', 'cash', 5, 'T', now())");
  REQUIRE_THAT(pg::MigrateDown(until(7), 6).status(), papertape::testing::IsOk());
  CHECK(database.Execute("select from_book from trade_engine.transfers") == "pnl");
}

TEST_CASE("all migrations can be taken back and applied again") {
  papertape::testing::CheckThereAndBack(papertape::testing::TestDatabase(), "trade_engine",
                                        trade_engine_store::Migrations());
}

}  // namespace
}  // namespace papertape::trade_engine

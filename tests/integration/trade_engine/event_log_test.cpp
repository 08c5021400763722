// The event log in PostgreSQL: one chain for each account, written with the rows that it tells of.
#include "libs/clock/fake_clock.h"
#include "migrations/trade_engine_store.h"
#include "services/trade_engine/rpc/event_messages.h"
#include "services/trade_engine/store/pg_journal.h"
#include "tests/support/matchers.h"
#include "tests/support/test_database.h"

namespace papertape::trade_engine {
namespace {

using papertape::testing::IsOk;
using papertape::testing::TestDatabase;

// What the chain's rule, told in SQL, has against the stored events and heads; "0" when nothing.
std::string Faults(const TestDatabase& database) {
  return database.Execute(
      "set search_path to trade_engine; select (select count(*) from events e left join events before on "
      "(before.session, before.user_id, before.account_seq) = (e.session, e.user_id, e.account_seq - 1) "
      "where e.hash <> event_hash(before.hash, e)) + (select count(*) from accounts a left join events e on "
      "(e.session, e.user_id, e.account_seq) = (a.session, a.user_id, a.last_seq) where e.hash is distinct from "
      "a.head)");
}

Quote AppleAt(Timestamp now, std::int64_t units) {
  return {.symbol = "AAPL", .last = Price::FromUnits(units), .time = now, .source = "simulator"};
}

// A journal with a database of its own, and a book whose batches it commits.
struct Desk {
  TestDatabase database;
  std::unique_ptr<pg::Pool> pool = database.Migrated("trade_engine", trade_engine_store::Migrations());
  PgJournal journal{*pool, {EventType(), EncodeEvent}};
  FakeClock clock;
  IdSource ids{clock, SeededRandom(1)};
  Book book{BookOptions(), ids};

  Desk() { REQUIRE_THAT(journal.TakeOver().status(), IsOk()); }

  // Each of some users buys one, with a stop at 90.
  void Buy(int users, const std::string& request_id) {
    Batch batch;
    book.Tick(AppleAt(clock.Now(), 100), clock.Now(), batch);
    for (int user = 1; user <= users; ++user) {
      const OpenTrade buy{
          .user_id = user, .symbol = "AAPL", .quantity = Quantity::FromUnits(1), .stop_loss = Price::FromUnits(90)};
      REQUIRE_THAT(book.Decide(buy, clock.Now(), request_id, batch).status(), IsOk());
    }
    REQUIRE_THAT(journal.Commit(batch), IsOk());
  }
  void Fall(const std::string& entry) {
    Batch batch;
    clock.Advance(std::chrono::milliseconds(250));
    book.Tick(AppleAt(clock.Now(), 89), clock.Now(), batch, entry);
    REQUIRE_THAT(journal.Commit(batch), IsOk());
  }
};

TEST_CASE("each account's events are chained, across commits and take-overs") {
  Desk desk;
  desk.Buy(3, "req-1");
  desk.Buy(2, "req-2");
  PgJournal successor(*desk.pool, {EventType(), EncodeEvent});
  REQUIRE_THAT(successor.TakeOver().status(), IsOk());
  Batch batch;
  desk.book.Tick(AppleAt(desk.clock.Now(), 89), desk.clock.Now(), batch, "17-0");
  REQUIRE_THAT(successor.Commit(batch), IsOk());
  CHECK(desk.database.Execute(
            "select string_agg(n || ' ' || last, ', ' order by user_id) from (select user_id, count(*) "
            "as n, max(account_seq) as last from trade_engine.events group by user_id) e") == "5 5, 5 5, 3 3");
  CHECK(Faults(desk.database) == "0");
}

TEST_CASE("an event says which request or which tick it follows from") {
  Desk desk;
  desk.Buy(1, "req-1");
  desk.Fall("1763700000000-3");
  CHECK(desk.database.Execute("select string_agg(request_id || '/' || cause, ', ' order by account_seq) from "
                              "trade_engine.events") == "req-1/request, req-1/request, /tick 1763700000000-3");
}

TEST_CASE("events cannot be changed, deleted or cut off") {
  Desk desk;
  desk.Buy(1, "req-1");
  for (const char* statement : {"update events set cause = 'x'", "delete from events", "truncate events"}) {
    const absl::Status refused = desk.pool->Transact([&](pg::Transaction& transaction) {
      transaction.Exec(statement);
      return absl::OkStatus();
    });
    CHECK_FALSE(refused.ok());
  }
  CHECK(Faults(desk.database) == "0");
}

TEST_CASE("a commit that failed leaves no mark on the chain") {
  Desk desk;
  desk.Buy(1, "req-1");
  Batch lost;
  const OpenTrade buy{.user_id = 1, .symbol = "AAPL", .quantity = Quantity::FromUnits(1)};
  REQUIRE_THAT(desk.book.Decide(buy, desk.clock.Now(), "req-2", lost).status(), IsOk());
  desk.database.Execute("alter table trade_engine.fills add constraint disk_full check (price < 0) not valid");
  CHECK_FALSE(desk.journal.Commit(lost).ok());
  desk.database.Execute("alter table trade_engine.fills drop constraint disk_full");
  desk.book.Restore(*desk.journal.TakeOver(), desk.clock.Now());
  desk.Buy(1, "req-3");
  CHECK(desk.database.Execute("select string_agg(request_id, ' ' order by account_seq) from trade_engine.events") ==
        "req-1 req-1 req-3");
  CHECK(Faults(desk.database) == "0");
}

TEST_CASE("an account from before the log begins it with its figures, behind what still waits to be published") {
  const TestDatabase database;
  const auto& all = trade_engine_store::Migrations();
  REQUIRE_THAT(pg::MigrateUp({database.dsn(), "trade_engine", {all.begin(), all.begin() + 5}}).status(), IsOk());
  database.Execute(
      "set search_path to trade_engine;"
      "insert into accounts select n, 'P' || n, 100, 80, 25, 5, 'none', 'none', 3, 2, 1, 0, 7, now(), now() from "
      "generate_series(1, 2) n;"
      "insert into outbox (id, type, user_id, time, request_id, payload) select 'e' || n, 't', 1, now(), 'r\u00e9', "
      "'\\x00ff' from generate_series(1, 3) n;"
      "insert into outbox_relayed values (1, now());");
  const auto pool = database.Migrated("trade_engine", all);
  PgJournal journal(*pool, {EventType(), EncodeEvent});
  const auto snapshot = journal.TakeOver();
  REQUIRE_THAT(snapshot.status(), IsOk());
  CHECK(
      database.Execute("select string_agg(position || ' ' || user_id || ' ' || account_seq || ' ' || id, ', ' order by "
                       "position) from trade_engine.events where user_id = 1") == "2 1 6 e2, 3 1 7 e3, 4 1 8 P1");
  CHECK(database.Execute("select account_seq || ' ' || cause from trade_engine.events where user_id = 2") ==
        "8 log begins");
  CHECK(snapshot->accounts.at(0).last_seq == 8);
  CHECK(Faults(database) == "0");
  REQUIRE_THAT(journal.TakeOver().status(), IsOk());
  CHECK(database.Execute("select count(*) from trade_engine.events") == "4");

  REQUIRE_THAT(pg::MigrateDown({database.dsn(), "trade_engine", all}, 5).status(), IsOk());
  CHECK(database.Execute("select string_agg(id, ' ' order by position) from trade_engine.outbox where id like 'e%'") ==
        "e2 e3");
}

}  // namespace
}  // namespace papertape::trade_engine

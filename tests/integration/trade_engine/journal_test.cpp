// The journal in PostgreSQL and the one in memory keep the same contract; the database also refuses what must not be.
#include <memory>

#include "libs/clock/fake_clock.h"
#include "migrations/trade_engine_store.h"
#include "services/trade_engine/store/pg_archive.h"
#include "services/trade_engine/store/pg_journal.h"
#include "services/trade_engine/store/pg_trading_journal.h"
#include "tests/support/matchers.h"
#include "tests/support/test_database.h"
#include "tests/unit/trade_engine/domain/memory_journal.h"

namespace papertape::trade_engine {
namespace {

using papertape::testing::HasReason;
using papertape::testing::IsOk;

PgEventLog::Codec Codec() {
  return {"test.Event",
          [](std::int64_t, const EventView& view) { return "event " + std::to_string(view.event.account_seq); }};
}

// A journal in PostgreSQL with a database of its own.
struct InPostgres {
  const papertape::testing::TestDatabase database;
  const std::unique_ptr<pg::Pool> pool = database.Migrated("trade_engine", trade_engine_store::Migrations());
  PgJournal journal{*pool, Codec()};
};

Quote AppleAt(Timestamp now, std::int64_t units) {
  return {.symbol = "AAPL",
          .last = Price::FromUnits(units),
          .bid = Price::FromMicros(units * kMicrosPerUnit - 10'000),
          .ask = Price::FromMicros(units * kMicrosPerUnit + 10'000),
          .time = now,
          .source = "simulator"};
}

// A book that trades a little: two trades opened, one of them closed by its stop.
struct Trading {
  FakeClock clock;
  IdSource ids;
  Book book{BookOptions(), ids};
  Batch batch;
  std::string open_id, closed_id;

  explicit Trading(std::uint64_t seed = 1) : ids(clock, SeededRandom(seed)) {
    book.Tick(AppleAt(clock.Now(), 100), clock.Now(), batch);
    OpenTrade buy{.user_id = 7, .symbol = "AAPL", .quantity = Quantity::FromMicros(1'500'000)};
    open_id = book.Decide(buy, clock.Now(), "r1", batch)->trade.trade_id;
    buy.stop_loss = Price::FromUnits(90);
    buy.target_price = Price::FromMicros(120'123'456);
    closed_id = book.Decide(buy, clock.Now(), "r2", batch)->trade.trade_id;
    clock.Advance(std::chrono::microseconds(1'234'567));
    book.Tick(AppleAt(clock.Now(), 89), clock.Now(), batch);
    book.Remember({7, "key", "print", std::string("\0reply\xFF", 7), clock.Now()}, batch);
    batch.set_tick_position({.entry = "5-1"});
  }
};

TEST_CASE("what was committed is what a take-over loads") {
  const bool in_postgres = GENERATE(true, false);
  InPostgres postgres;
  MemoryJournal memory;
  Journal& journal = in_postgres ? static_cast<Journal&>(postgres.journal) : memory;
  REQUIRE_THAT(journal.TakeOver().status(), IsOk());

  const Trading trading;
  REQUIRE_THAT(journal.Commit(trading.batch), IsOk());
  const auto snapshot = journal.TakeOver();
  REQUIRE_THAT(snapshot.status(), IsOk());
  CHECK(snapshot->tick_position == TapePosition{.entry = "5-1"});
  REQUIRE(snapshot->accounts.size() == 1);
  const Account& stored = snapshot->accounts[0];
  const Account& decided = trading.batch.accounts().made()[0];
  CHECK(stored.available == decided.available);
  CHECK(stored.utilized == decided.utilized);
  CHECK(stored.realized_pnl == decided.realized_pnl);
  CHECK(stored.last_seq == 4);
  CHECK(stored.losing_trades == 1);
  CHECK(stored.updated_at == decided.updated_at);
  REQUIRE(snapshot->active_trades.size() == 1);
  const Trade& trade = snapshot->active_trades[0];
  CHECK(trade.trade_id == trading.open_id);
  CHECK(trade.quantity == Quantity::FromMicros(1'500'000));
  CHECK(trade.entry_price == Price::FromMicros(100'010'000));
  CHECK(trade.created_at == trading.clock.Now() - std::chrono::microseconds(1'234'567));
  REQUIRE(snapshot->replies.size() == 1);
  CHECK(snapshot->replies[0].reply == std::string("\0reply\xFF", 7));
}

TEST_CASE("a restored book goes on where the other stopped") {
  InPostgres postgres;
  REQUIRE_THAT(postgres.journal.TakeOver().status(), IsOk());
  Trading trading;
  REQUIRE_THAT(postgres.journal.Commit(trading.batch), IsOk());
  Book restored(BookOptions(), trading.ids);
  restored.Restore(*postgres.journal.TakeOver(), trading.clock.Now());

  Batch batch;
  trading.clock.Advance(std::chrono::seconds(1));
  restored.Tick(AppleAt(trading.clock.Now(), 110), trading.clock.Now(), batch);
  const auto exited =
      restored.Decide(ExitTrade{.user_id = 7, .trade_id = trading.open_id}, trading.clock.Now(), "r", batch);
  REQUIRE_THAT(exited.status(), IsOk());
  CHECK(exited->total_pnl == Money::FromMicros(14'970'000));  // (109.99 - 100.01) * 1.5
  CHECK(restored.FindReply(7, "key") != nullptr);
  CHECK_THAT(postgres.journal.Commit(batch), IsOk());
}

TEST_CASE("a superseded writer cannot commit") {
  InPostgres postgres;
  PgJournal older(*postgres.pool, Codec());
  REQUIRE_THAT(older.TakeOver().status(), IsOk());
  REQUIRE_THAT(postgres.journal.TakeOver().status(), IsOk());
  const Trading trading;
  CHECK(absl::IsAborted(older.Commit(trading.batch)));
  CHECK(postgres.journal.TakeOver()->accounts.empty());
}

TEST_CASE("the database refuses a second close of a trade, whatever the engine believes") {
  InPostgres postgres;
  REQUIRE_THAT(postgres.journal.TakeOver().status(), IsOk());
  const Trading trading;
  REQUIRE_THAT(postgres.journal.Commit(trading.batch), IsOk());
  Batch again;
  again.Change(trading.batch.accounts().made()[0]);
  Order repeated = trading.batch.orders().back();
  REQUIRE_FALSE(repeated.opens);
  repeated.order_id += "x";
  again.Append(repeated);
  CHECK(pg::ViolatedConstraint(postgres.journal.Commit(again)) == "orders_once");
}

TEST_CASE("the database refuses an account that does not add up") {
  InPostgres postgres;
  REQUIRE_THAT(postgres.journal.TakeOver().status(), IsOk());
  const Trading trading;
  REQUIRE_THAT(postgres.journal.Commit(trading.batch), IsOk());
  Batch wrong;
  Account account = trading.batch.accounts().made()[0];
  account.available = Money::FromMicros(account.available.micros() + 1);
  wrong.Change(account);
  CHECK(pg::ViolatedConstraint(postgres.journal.Commit(wrong)) == "accounts_add_up");
}

TEST_CASE("an account's figures are the sums of its transfers") {
  InPostgres postgres;
  REQUIRE_THAT(postgres.journal.TakeOver().status(), IsOk());
  REQUIRE_THAT(postgres.journal.Commit(Trading().batch), IsOk());
  CHECK(postgres.database.Execute(
            "with moves as (select user_id, to_book as book, amount from trade_engine.transfers union all "
            "select user_id, from_book, -amount from trade_engine.transfers), "
            "sums as (select user_id, coalesce(sum(amount) filter (where book = 'cash'), 0) as cash, "
            "coalesce(sum(amount) filter (where book = 'margin'), 0) as margin from moves group by user_id) "
            "select count(*) from trade_engine.accounts a join sums s using (user_id) "
            "where a.available = s.cash and a.utilized = s.margin") == "1");
}

TEST_CASE("the archive lists trades and orders newest first, and only one's own") {
  InPostgres postgres;
  REQUIRE_THAT(postgres.journal.TakeOver().status(), IsOk());
  const Trading trading;
  REQUIRE_THAT(postgres.journal.Commit(trading.batch), IsOk());
  PgArchive archive(*postgres.pool);
  PgTradingJournal entries(*postgres.pool);
  const auto all = entries.List({.user_id = 7});
  REQUIRE_THAT(all.status(), IsOk());
  CHECK(all->total == 2);
  REQUIRE(all->entries.size() == 2);
  CHECK(all->entries[0].trade.trade_id == trading.closed_id);
  CHECK(all->entries[0].trade.status == TradeStatus::kStopLossHit);
  CHECK(all->entries[0].trade.exit_price == Price::FromMicros(88'990'000));
  CHECK(entries.List({.user_id = 7, .status = TradeStatus::kActive})->total == 1);
  CHECK(entries.List({.user_id = 7, .symbol = "MSFT"})->total == 0);
  CHECK(entries.List({.user_id = 8})->total == 0);
  const Timestamp closed_at = *all->entries[0].trade.closed_at;
  CHECK(entries.List({.user_id = 7, .closed_since = closed_at})->entries.front().trade.trade_id == trading.closed_id);
  CHECK(entries.List({.user_id = 7, .closed_since = closed_at})->total == 1);
  CHECK(entries.List({.user_id = 7, .closed_since = closed_at + std::chrono::microseconds(1)})->total == 0);
  CHECK_THAT(archive.FindTrade(0, 8, trading.open_id).status(), HasReason(Reason::kTRADE_NOT_FOUND));
  CHECK(archive.FindTrade(0, 7, trading.open_id)->symbol == "AAPL");
  const auto orders = archive.ListOrders(0, 7, 10);
  REQUIRE(orders->size() == 3);
  CHECK_FALSE(orders->front().opens);
  CHECK(orders->front().quote.bid == Price::FromMicros(88'990'000));
  CHECK(archive.ListOrders(0, 7, 2)->size() == 2);
}

TEST_CASE("each session of the market has its own accounts, trades and replies") {
  const bool in_postgres = GENERATE(true, false);
  InPostgres postgres;
  MemoryJournal memory;
  Journal& journal = in_postgres ? static_cast<Journal&>(postgres.journal) : memory;
  REQUIRE_THAT(journal.TakeOver().status(), IsOk());
  REQUIRE_THAT(journal.Commit(Trading().batch), IsOk());

  const TapePosition october{.entry = "5-1", .session = 3, .clock_micros = 1'222'869'000'000'000};
  const auto opened = journal.TurnTo(october);
  REQUIRE_THAT(opened.status(), IsOk());
  CHECK(opened->tick_position == october);
  CHECK(opened->accounts.empty());
  CHECK(opened->active_trades.empty());
  CHECK(opened->replies.empty());

  // The same user, event numbers and key as in the live market.
  Trading rehearsed(2);
  const TapePosition later{.entry = "9-0", .session = 3, .clock_micros = 1'222'869'001'000'000};
  rehearsed.batch.set_tick_position(later);
  REQUIRE_THAT(journal.Commit(rehearsed.batch), IsOk());
  const auto again = journal.TakeOver();  // as after a crash
  CHECK(again->tick_position == later);
  REQUIRE(again->active_trades.size() == 1);
  CHECK(again->active_trades[0].trade_id == rehearsed.open_id);
  CHECK(again->replies.size() == 1);

  const auto live = journal.TurnTo({.entry = "12-0"});
  REQUIRE_THAT(live.status(), IsOk());
  CHECK(live->accounts.size() == 1);
  CHECK(live->active_trades.size() == 1);
}

TEST_CASE("the archive tells of one session only") {
  InPostgres postgres;
  REQUIRE_THAT(postgres.journal.TakeOver().status(), IsOk());
  Trading rehearsed;
  rehearsed.batch.set_tick_position({.entry = "9-0", .session = 3});
  REQUIRE_THAT(postgres.journal.Commit(rehearsed.batch), IsOk());
  PgArchive archive(*postgres.pool);
  PgTradingJournal entries(*postgres.pool);
  CHECK(entries.List({.session = 3, .user_id = 7})->total == 2);
  CHECK(entries.List({.user_id = 7})->total == 0);
  CHECK(archive.FindTrade(3, 7, rehearsed.open_id)->symbol == "AAPL");
  CHECK_THAT(archive.FindTrade(0, 7, rehearsed.open_id).status(), HasReason(Reason::kTRADE_NOT_FOUND));
  CHECK(archive.ListOrders(3, 7, 10)->size() == 3);
  CHECK(archive.ListOrders(0, 7, 10)->empty());
  CHECK(archive.OrdersOf(3, 7, rehearsed.closed_id)->size() == 2);
  CHECK(archive.OrdersOf(0, 7, rehearsed.closed_id)->empty());
}

TEST_CASE("a superseded writer cannot turn to another session") {
  InPostgres postgres;
  PgJournal older(*postgres.pool, Codec());
  REQUIRE_THAT(older.TakeOver().status(), IsOk());
  REQUIRE_THAT(postgres.journal.TakeOver().status(), IsOk());
  CHECK(absl::IsAborted(older.TurnTo({.entry = "1-0", .session = 1}).status()));
  CHECK(postgres.journal.TakeOver()->tick_position.session == 0);
}

}  // namespace
}  // namespace papertape::trade_engine

// The watch of written trades on a real database: an alert, its event and the position are one.
#include "services/trade_engine/domain/journal_watch.h"

#include "libs/clock/fake_clock.h"
#include "libs/status/status.h"
#include "migrations/trade_engine_store.h"
#include "services/trade_engine/store/pg_trading_journal.h"
#include "services/trade_engine/store/pg_watch_store.h"
#include "tests/support/eventually.h"
#include "tests/support/matchers.h"
#include "tests/support/test_database.h"

namespace papertape::trade_engine {
namespace {

using papertape::testing::Eventually;
using papertape::testing::IsOk;

struct InPostgres {
  // A process: what it holds in memory ends with it.
  struct Process {
    explicit Process(InPostgres& in)
        : store(*in.pool, in.ids,
                {"test.Alert",
                 [](std::int64_t session, const JournalAlert& alert) {
                   return std::to_string(session) + " " + alert.entry.trade.trade_id;
                 }}),
          watch({}, store, in.clock, {}) {}

    PgWatchStore store;
    JournalWatch watch;
  };

  std::string Write(std::int64_t session = 0, std::int64_t stop = 95) {
    JournalEntry entry{.trade = {.user_id = 7,
                                 .trade_id = ids.Next(),
                                 .symbol = "AAPL",
                                 .quantity = Quantity::FromUnits(1),
                                 .entry_price = Price::FromUnits(100),
                                 .stop_loss = Price::FromUnits(stop),
                                 .created_at = clock.Now()},
                       .armed_at = clock.Now()};
    REQUIRE_THAT(journal.Write(session, entry, {}).status(), IsOk());
    return entry.trade.trade_id;
  }
  // Feeds the price as the reader would; true once it was taken.
  bool Tick(JournalWatch& watch, std::int64_t units, const TapePosition& position) const {
    const TickCursor cursor = watch.tick_cursor();
    if (!watch.Health().ok()) return false;
    watch.Feed({.epoch = cursor.epoch,
                .position = position,
                .quotes = {{.symbol = "AAPL", .last = Price::FromUnits(units), .time = clock.Now()}}});
    return watch.Health().ok();
  }
  std::string Told() const {
    return database.Execute(
        "select coalesce(string_agg(convert_from(payload, 'UTF8'), ',' order by position), '') "
        "from trade_engine.journal_alerts");
  }
  std::string Position() const {
    return database.Execute("select tick_position || ' of ' || session from trade_engine.journal_watch");
  }

  papertape::testing::TestDatabase database;
  std::unique_ptr<pg::Pool> pool = database.Migrated("trade_engine", trade_engine_store::Migrations());
  FakeClock clock;
  IdSource ids{clock, SeededRandom(5)};
  PgTradingJournal journal{*pool};
};

TEST_CASE("an alert, its event and the position in the tape commit together, once") {
  InPostgres in;
  const std::string id = in.Write();
  InPostgres::Process process(in);
  REQUIRE(in.Tick(process.watch, 94, {.entry = "2-0"}));
  CHECK(in.Told() == "0 " + id);
  CHECK(in.Position() == "2-0 of 0");
  CHECK(in.journal.Find(0, 7, id)->alerted_at == in.clock.Now());
  REQUIRE(in.Tick(process.watch, 93, {.entry = "3-0"}));
  CHECK(in.Told() == "0 " + id);

  // Set anew, it is watched anew, by this process and by the next one.
  const auto changed =
      in.journal.Change(0, {.user_id = 7, .trade_id = id, .stop_loss = Price::FromUnits(90)}, in.clock.Now(), {});
  REQUIRE_THAT(changed.status(), IsOk());
  CHECK_FALSE(changed->alerted_at);
  InPostgres::Process next(in);
  REQUIRE(in.Tick(next.watch, 90, {.entry = "4-0"}));
  CHECK(in.Told() == "0 " + id + ",0 " + id);
}

TEST_CASE("a watch that dies before the commit has told nothing, and the next one reads the ticks again") {
  InPostgres in;
  const std::string id = in.Write();
  {
    InPostgres::Process process(in);
    REQUIRE(in.Tick(process.watch, 100, {.entry = "2-0"}));
    in.clock.Advance(std::chrono::seconds(2));
    REQUIRE(in.Tick(process.watch, 100, {.entry = "3-0"}));
    in.database.Execute("alter table trade_engine.journal_alerts add constraint broken check (false)");
    CHECK_FALSE(in.Tick(process.watch, 94, {.entry = "4-0"}));
  }
  CHECK(in.Told().empty());
  CHECK(in.Position() == "3-0 of 0");
  CHECK_FALSE(in.journal.Find(0, 7, id)->alerted_at);
  in.database.Execute("alter table trade_engine.journal_alerts drop constraint broken");
  InPostgres::Process next(in);
  CHECK(next.watch.tick_cursor().position == "3-0");
  REQUIRE(in.Tick(next.watch, 94, {.entry = "4-0"}));
  CHECK(in.Told() == "0 " + id);
}

TEST_CASE("a watch whose connection is cut tells of every level once") {
  InPostgres in;
  InPostgres::Process process(in);
  std::vector<std::string> ids;
  for (int i = 0; i < 20; ++i) {
    ids.push_back(in.Write(0, 90 - i));
    process.watch.Learn(0, *in.journal.Find(0, 7, ids.back()));
  }
  REQUIRE(in.Tick(process.watch, 100, {.entry = "2-0"}));
  for (int i = 0; i < 20; ++i) {
    if (i % 4 == 0) in.database.CutSessions();
    const TapePosition position{.entry = std::to_string(3 + i) + "-0"};
    REQUIRE(Eventually([&] {
      in.clock.Advance(std::chrono::seconds(1));
      return in.Tick(process.watch, 90 - i, position);
    }));
  }
  CHECK(in.database.Execute("select count(*) || ' ' || count(distinct payload) from trade_engine.journal_alerts") ==
        "20 20");
}

TEST_CASE("a superseded watch cannot commit") {
  InPostgres in;
  const std::string id = in.Write();
  InPostgres::Process first(in);
  REQUIRE(in.Tick(first.watch, 100, {.entry = "2-0"}));
  InPostgres::Process second(in);
  REQUIRE(in.Tick(second.watch, 100, {.entry = "2-0"}));
  CHECK_FALSE(in.Tick(first.watch, 94, {.entry = "3-0"}));
  CHECK(in.Told().empty());
  REQUIRE(in.Tick(second.watch, 94, {.entry = "3-0"}));
  CHECK(in.Told() == "0 " + id);
}

TEST_CASE("each session of the market has its own written trades, and those of the others sleep") {
  InPostgres in;
  const std::string live = in.Write(0);
  const std::string past = in.Write(3);
  InPostgres::Process process(in);
  const TapePosition position{.entry = "5-0", .session = 3, .clock_micros = MicrosSinceEpoch(in.clock.Now())};
  in.Tick(process.watch, 94, position);  // turns
  REQUIRE(in.Tick(process.watch, 94, position));
  CHECK(in.Told() == "3 " + past);
  CHECK(in.Position() == "5-0 of 3");
  CHECK_FALSE(in.journal.Find(0, 7, live)->alerted_at);
  in.Tick(process.watch, 94, {.entry = "6-0"});
  REQUIRE(in.Tick(process.watch, 94, {.entry = "6-0"}));
  CHECK(in.Told() == "3 " + past + ",0 " + live);
}

TEST_CASE("what its owner closed or deleted before is not told of") {
  InPostgres in;
  const std::string closed = in.Write();
  const std::string deleted = in.Write();
  InPostgres::Process process(in);
  REQUIRE(in.Tick(process.watch, 100, {.entry = "2-0"}));
  REQUIRE_THAT(
      in.journal.Close(0, {.user_id = 7, .trade_id = closed, .exit_price = Price::FromUnits(99)}, in.clock.Now(), {})
          .status(),
      IsOk());
  REQUIRE_THAT(in.journal.Delete(0, 7, deleted, {}).status(), IsOk());
  REQUIRE(in.Tick(process.watch, 94, {.entry = "3-0"}));
  CHECK(in.Told().empty());
}

}  // namespace
}  // namespace papertape::trade_engine

#include "services/trade_engine/domain/journal_watch.h"

#include <map>

#include "libs/clock/fake_clock.h"
#include "libs/status/status.h"
#include "tests/support/matchers.h"

namespace papertape::trade_engine {
namespace {

// Trades by session as a database would keep them: an alert is told of a trade that is still watched as it was.
class MemoryWatchStore : public WatchStore {
 public:
  absl::StatusOr<WatchStart> TakeOver() override {
    if (!next_failure.ok()) return std::exchange(next_failure, absl::OkStatus());
    return Start();
  }
  absl::StatusOr<WatchStart> TurnTo(const TapePosition& to) override {
    position = to;
    return Start();
  }
  absl::Status Commit(const TapePosition& to, const std::vector<JournalAlert>& alerts) override {
    if (!next_failure.ok() && !fails_after) return std::exchange(next_failure, absl::OkStatus());
    position = to;
    for (const JournalAlert& alert : alerts) {
      JournalEntry& entry = trades[to.session][alert.entry.trade.trade_id];
      if (entry.watch != alert.entry.watch || entry.alerted_at || entry.trade.closed_at) continue;
      entry.alerted_at = alert.at;
      told.push_back(alert);
    }
    return std::exchange(next_failure, absl::OkStatus());
  }

  std::map<std::int64_t, std::map<std::string, JournalEntry>> trades;
  std::vector<JournalAlert> told;
  TapePosition position{.entry = "1-0"};
  absl::Status next_failure;
  bool fails_after = false;  // what fails has been committed all the same

 private:
  [[nodiscard]] WatchStart Start() {
    WatchStart start{.position = position};
    for (const auto& [id, entry] : trades[position.session]) start.watched.push_back(entry);
    return start;
  }
};

struct Watching {
  Watching() { watch.tick_cursor(); }

  JournalEntry Write(const std::string& id, Side side, std::optional<Price> stop, std::optional<Price> target = {},
                     std::int64_t session = 0) {
    const JournalEntry entry{.trade = {.user_id = 7,
                                       .trade_id = id,
                                       .symbol = "AAPL",
                                       .side = side,
                                       .quantity = Quantity::FromUnits(1),
                                       .entry_price = Price::FromUnits(100),
                                       .stop_loss = stop,
                                       .target_price = target},
                             .armed_at = clock.Now()};
    store.trades[session][id] = entry;
    watch.Learn(session, entry);
    return entry;
  }
  void Tick(std::int64_t units, const TapePosition& position, std::chrono::seconds age = {}) {
    watch.Feed({.epoch = watch.tick_cursor().epoch,
                .position = position,
                .quotes = {{.symbol = "AAPL", .last = Price::FromUnits(units), .time = clock.Now() - age}}});
  }
  void Tick(std::int64_t units, std::chrono::seconds age = {}) {
    Tick(units, {.entry = std::to_string(++newest) + "-0"}, age);
  }
  [[nodiscard]] std::vector<std::string> Told() const {
    std::vector<std::string> ids;
    for (const JournalAlert& alert : store.told) {
      ids.push_back(alert.entry.trade.trade_id + " " + std::string(Name(alert.level)));
    }
    return ids;
  }

  FakeClock clock;
  MemoryWatchStore store;
  int wakes = 0;
  int newest = 1;  // entry of the tape
  JournalWatch watch{{}, store, clock, [this] { ++wakes; }};
};

using Ids = std::vector<std::string>;
constexpr auto kUnits = [](std::int64_t units) { return Price::FromUnits(units); };

TEST_CASE("a stop and a target of each direction are told of once, the stop before the target") {
  Watching w;
  w.Write("a", Side::kBuy, kUnits(95), kUnits(110));
  w.Write("b", Side::kSell, kUnits(105), kUnits(90));
  w.Write("c", Side::kBuy, kUnits(94), kUnits(94));
  w.Tick(100);
  CHECK(w.Told() == Ids{"c target_price"});
  w.Tick(95);
  w.Tick(94);
  CHECK(w.Told() == Ids{"c target_price", "a stop_loss"});
  w.Tick(106);
  CHECK(w.Told() == Ids{"c target_price", "a stop_loss", "b stop_loss"});
  CHECK(w.store.told.back().price == kUnits(106));
  CHECK(w.watch.watched() == 0);
  CHECK(w.wakes == 3);
}

TEST_CASE("a level that is set anew is watched anew, a closed and a forgotten trade are not watched") {
  Watching w;
  JournalEntry entry = w.Write("a", Side::kBuy, kUnits(95));
  w.Tick(94);
  entry.watch = 2;
  entry.trade.stop_loss = kUnits(93);
  w.store.trades[0]["a"] = entry;
  w.watch.Learn(0, entry);
  w.Tick(94);
  CHECK(w.Told().size() == 1);
  w.Tick(93);
  CHECK(w.Told().size() == 2);

  JournalEntry closed = w.Write("b", Side::kBuy, kUnits(95));
  closed.trade.closed_at = w.clock.Now();
  w.watch.Learn(0, closed);
  w.Write("c", Side::kBuy, kUnits(95));
  w.watch.Forget("c");
  w.Tick(90);
  CHECK(w.Told().size() == 2);
}

TEST_CASE("a price from before the level was set does not reach it") {
  Watching w;
  w.Write("a", Side::kBuy, kUnits(95));
  w.Tick(90, std::chrono::seconds(1));
  CHECK(w.Told().empty());
  w.Tick(90);
  CHECK(w.Told() == Ids{"a stop_loss"});
}

TEST_CASE("an alert whose commit fails is told when the ticks are read again, one whose commit was done is not") {
  for (const bool was_done : {false, true}) {
    CAPTURE(was_done);
    Watching w;
    w.Write("a", Side::kBuy, kUnits(95));
    const std::uint64_t before = w.watch.tick_cursor().epoch;
    w.store.next_failure = Error(Reason::kUNAVAILABLE);
    w.store.fails_after = was_done;
    w.Tick(94);
    CHECK_FALSE(w.watch.Health().ok());
    w.clock.Advance(std::chrono::seconds(1));
    const TickCursor cursor = w.watch.tick_cursor();
    CHECK(cursor.epoch > before);
    CHECK(cursor.position == (was_done ? "2-0" : "1-0"));
    CHECK(w.watch.Health().ok());
    w.Tick(94);
    CHECK(w.Told() == Ids{"a stop_loss"});
  }
}

TEST_CASE("what was changed behind the watch's back is not told of") {
  Watching w;
  w.Write("a", Side::kBuy, kUnits(95));
  w.store.trades[0]["a"].watch = 2;  // committed, not learned yet
  w.Tick(94);
  CHECK(w.Told().empty());
}

TEST_CASE("where the tape turns to another session, its trades are watched and the others sleep") {
  Watching w;
  w.Write("live", Side::kBuy, kUnits(95));
  w.store.trades[3]["past"] = w.Write("past", Side::kBuy, kUnits(50), {}, 3);
  const TapePosition past{.entry = "9-0", .session = 3, .clock_micros = 1'222'869'000'000'000};
  w.Tick(40, past);  // turns
  CHECK(w.store.position.entry == "1-0");
  w.store.trades[3]["past"].armed_at = {};
  CHECK(w.watch.tick_cursor().position == "1-0");
  CHECK(w.watch.market().Now() == FromMicrosSinceEpoch(past.clock_micros));
  w.Tick(40, past);  // read again
  CHECK(w.watch.watched() <= 1);
  CHECK(w.store.position.session == 3);
  CHECK_FALSE(w.store.trades[0]["live"].alerted_at);
}

TEST_CASE("a superseded watch stays silent") {
  Watching w;
  w.Write("a", Side::kBuy, kUnits(95));
  w.store.next_failure = absl::AbortedError("another trade engine has taken over");
  w.Tick(94);
  w.clock.Advance(std::chrono::seconds(9));
  const TickCursor cursor = w.watch.tick_cursor();
  w.Tick(94);
  CHECK(w.watch.tick_cursor().epoch == cursor.epoch);
  CHECK(w.Told().empty());
}

TEST_CASE("a quiet tape's position is committed every second") {
  Watching w;
  w.Tick(100);
  CHECK(w.store.position.entry == "1-0");
  w.clock.Advance(std::chrono::seconds(1));
  w.Tick(100);
  CHECK(w.store.position.entry == "3-0");
}

}  // namespace
}  // namespace papertape::trade_engine

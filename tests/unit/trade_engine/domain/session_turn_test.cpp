// The tape turns from one session of the market to another.
#include "services/trade_engine/domain/engine.h"
#include "tests/support/matchers.h"
#include "tests/unit/trade_engine/domain/engine_desk.h"

namespace papertape::trade_engine {
namespace {

using papertape::testing::Eventually;
using papertape::testing::HasReason;
using papertape::testing::IsOk;

constexpr std::int64_t kOctober2008 = 1'222'869'600'000'000;  // 2008-10-01 14:00 UTC

TapePosition InReplay(const std::string& entry, std::int64_t seconds = 0) {
  return {.entry = entry, .session = 1, .clock_micros = kOctober2008 + seconds * 1'000'000};
}

OpenTrade Apple(std::optional<Price> stop = std::nullopt) {
  return {.user_id = 1, .symbol = "AAPL", .quantity = Quantity::FromUnits(1), .stop_loss = stop};
}

TEST_CASE("a live stop sleeps through a replay and fires at the first live price that crosses it") {
  MemoryJournal journal;
  Desk desk(journal);
  const auto bought = desk.Buy(Price::FromUnits(90)).get();
  REQUIRE_THAT(bought.status(), IsOk());
  desk.Turn(50, InReplay("1-0"));
  desk.Tick(40, InReplay("2-0", 1));
  REQUIRE_THAT(desk.Send<TradeOpened>(Apple()).get().status(), IsOk());  // after both prices
  CHECK(journal.trades().at(bought->trade.trade_id).status == TradeStatus::kActive);

  desk.Turn(91, {.entry = "3-0"});
  desk.Tick(89, "4-0");
  desk.Tick(80, "5-0");
  REQUIRE(Eventually([&] { return journal.orders().size() == 3; }));
  const Trade closed = journal.trades().at(bought->trade.trade_id);
  CHECK(closed.status == TradeStatus::kStopLossHit);
  CHECK(closed.exit_price == Price::FromUnits(89));
  CHECK(journal.trades(1).size() == 1);
}

TEST_CASE("a replay has accounts of its own and decides at the market's time") {
  MemoryJournal journal;
  Desk desk(journal);
  REQUIRE_THAT(desk.Buy({}, "key").get().status(), IsOk());
  desk.Turn(100, InReplay("1-0"));
  const auto bought = desk.Send<TradeOpened>(Apple(Price::FromUnits(90)), "key").get();  // the key is of its session
  REQUIRE_THAT(bought.status(), IsOk());
  CHECK(bought->account.total_trades == 1);
  CHECK(bought->account.created_at == FromMicrosSinceEpoch(kOctober2008));
  CHECK(bought->trade.created_at == FromMicrosSinceEpoch(kOctober2008));
  desk.Tick(89, InReplay("2-0", 7));
  REQUIRE(Eventually([&] { return journal.orders().size() == 3; }));
  const Trade closed = journal.trades(1).at(bought->trade.trade_id);
  CHECK(closed.closed_at == FromMicrosSinceEpoch(kOctober2008 + 7'000'000));
  CHECK(journal.events().back().time == closed.closed_at);
  CHECK(journal.transfers().back().created_at == closed.closed_at);
  CHECK(journal.replies(1).front().created_at == desk.clock_.Now());  // how long a key is known is not rehearsed
  CHECK(journal.tape_position() == InReplay("2-0", 7));
}

TEST_CASE("the market's time is told when what was due by then is committed") {
  MemoryJournal journal;
  Desk desk(journal);
  desk.Turn(100, InReplay("1-0"));
  REQUIRE_THAT(desk.Send<TradeOpened>(Apple(Price::FromUnits(90))).get().status(), IsOk());
  CHECK(desk.engine_.market().Now() == FromMicrosSinceEpoch(kOctober2008));
  const int begun = journal.commits();
  journal.Hold();
  desk.Tick(89, InReplay("2-0", 7));
  journal.WaitForCommitToBegin(begun + 1);
  CHECK(desk.engine_.market().Now() == FromMicrosSinceEpoch(kOctober2008));
  journal.Release();
  CHECK(Eventually([&] { return desk.engine_.market().Now() == FromMicrosSinceEpoch(kOctober2008 + 7'000'000); }));
  desk.Tick(88, InReplay("3-0", 8));  // due: nothing
  CHECK(Eventually([&] { return desk.engine_.market().Now() == FromMicrosSinceEpoch(kOctober2008 + 8'000'000); }));
}

TEST_CASE("a paused market does not age") {
  MemoryJournal journal;
  Desk desk(journal);
  desk.Turn(100, InReplay("1-0"));
  desk.clock_.Advance(std::chrono::hours(1));
  CHECK_THAT(desk.Send<TradeOpened>(Apple()).get().status(), IsOk());
  desk.engine_.Feed(
      {.epoch = desk.engine_.tick_cursor().epoch, .position = InReplay("2-0", 6)});  // a beat of the clock
  CHECK_THAT(desk.Send<TradeOpened>(Apple()).get().status(), HasReason(Reason::kQUOTE_STALE));
}

TEST_CASE("no quote crosses from one session to another") {
  MemoryJournal journal;
  Desk desk(journal);
  desk.Tick(100, "1-0");
  REQUIRE_THAT(desk.Send<TradeOpened>(Apple()).get().status(), IsOk());
  // The replay begins with another symbol; what was asked of the live market comes with the command.
  const TapePosition first = InReplay("2-0");
  const std::uint64_t epoch = desk.engine_.tick_cursor().epoch;
  desk.engine_.Feed({.epoch = epoch, .position = first});
  REQUIRE(Eventually([&] { return desk.engine_.tick_cursor().epoch > epoch; }));
  desk.engine_.Feed({.epoch = epoch + 1, .position = first});
  CHECK_FALSE(desk.view_.FindQuote("AAPL"));
  CHECK_THAT(desk.Buy().get().status(), HasReason(Reason::kQUOTE_STALE));

  desk.Tick(50, InReplay("3-0", 1));
  REQUIRE_THAT(desk.Send<TradeOpened>(Apple()).get().status(), IsOk());
  desk.Turn(101, {.entry = "4-0"});
  OpenTrade late = Apple();  // with an answer that was on its way while the market turned
  late.quote = Quote{.symbol = "AAPL",
                     .last = Price::FromUnits(50),
                     .time = FromMicrosSinceEpoch(kOctober2008 + 2'000'000),
                     .source = "replay"};
  const auto bought = desk.Send<TradeOpened>(late).get();
  REQUIRE_THAT(bought.status(), IsOk());
  CHECK(bought->trade.entry_price == Price::FromUnits(101));
}

TEST_CASE("commands wait outside until the other session's ticks have been read") {
  MemoryJournal journal;
  Desk desk(journal, true);
  desk.engine_.CaughtUp(desk.engine_.tick_cursor().epoch);
  desk.Turn(100, InReplay("1-0"));
  CHECK_THAT(desk.Send<TradeOpened>(Apple()).get().status(), HasReason(Reason::kUNAVAILABLE));
  desk.engine_.CaughtUp(desk.engine_.tick_cursor().epoch);
  CHECK_THAT(desk.Send<TradeOpened>(Apple()).get().status(), IsOk());
}

TEST_CASE("what was decided before the turn is committed in its own session") {
  MemoryJournal journal;
  Desk desk(journal);
  journal.Hold();
  auto first = desk.Buy();
  journal.WaitForCommitToBegin(1);
  auto second = desk.Buy();
  const std::uint64_t epoch = desk.engine_.tick_cursor().epoch;
  desk.Tick(50, InReplay("1-0"));
  journal.Release();
  CHECK_THAT(first.get().status(), IsOk());
  const absl::Status later = second.get().status();  // decided before the turn, or told to come again
  REQUIRE(Eventually([&] { return desk.engine_.tick_cursor().epoch > epoch; }));
  CHECK(journal.trades().size() == (later.ok() ? 2U : 1U));
  CHECK(journal.trades(1).empty());
}

TEST_CASE("a commit that fails as the tape turns leaves the engine before the turn") {
  MemoryJournal journal;
  Desk desk(journal);
  journal.Hold();
  auto lost = desk.Buy();
  journal.WaitForCommitToBegin(1);
  journal.FailNextCommit(absl::UnavailableError("gone"));
  const std::uint64_t epoch = desk.engine_.tick_cursor().epoch;
  desk.Tick(50, InReplay("1-0"));
  journal.Release();
  CHECK_THAT(lost.get().status(), HasReason(Reason::kUNAVAILABLE));
  REQUIRE(Eventually([&] { return desk.engine_.tick_cursor().epoch > epoch; }));
  CHECK(desk.view_.session() == 0);
  desk.Turn(50, InReplay("1-0"));
  CHECK(desk.view_.session() == 1);
  CHECK_THAT(desk.Send<TradeOpened>(Apple()).get().status(), IsOk());
}

TEST_CASE("a turn that fails is made again when the tape is read again") {
  MemoryJournal journal;
  Desk desk(journal);
  journal.FailNextTurn(absl::UnavailableError("gone"));
  desk.Turn(50, InReplay("1-0"));  // ends in the live books, which the entry turns from once more
  REQUIRE(Eventually([&] { return desk.view_.session() == 1; }));
}

TEST_CASE("an engine that finds itself superseded as the tape turns takes nothing back") {
  MemoryJournal journal;
  Desk desk(journal);
  const int takeovers = journal.takeovers();
  journal.FailNextTurn(absl::AbortedError("another"));
  desk.Tick(50, InReplay("1-0"));
  REQUIRE(Eventually([&] { return desk.superseded_.load(); }));
  CHECK_FALSE(desk.engine_.Ready().ok());
  CHECK(journal.takeovers() == takeovers);
}

}  // namespace
}  // namespace papertape::trade_engine

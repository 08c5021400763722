// Corporate actions through the engine's threads: durable before they are seen, once, whatever fails in between.
#include <future>

#include "libs/clock/fake_clock.h"
#include "services/trade_engine/domain/action_settler.h"
#include "services/trade_engine/domain/engine.h"
#include "tests/support/eventually.h"
#include "tests/support/matchers.h"
#include "tests/unit/trade_engine/domain/memory_journal.h"

namespace papertape::trade_engine {
namespace {

using papertape::testing::Eventually;
using papertape::testing::IsOk;

const Timestamp kMidnight = *ParseRfc3339("2026-06-10T04:00:00Z");

CorporateAction FourForOne() {
  return {.symbol = "AAPL",
          .exchange = "XNAS",
          .ex_date = *ParseDate("2026-06-10"),
          .terms = Split{Quantity::FromUnits(4), Quantity::FromUnits(1)},
          .source = "polygon"};
}

// An engine on the eve of the ex-date.
struct Desk {
  Desk(MemoryJournal& journal, FakeClock& the_clock)
      : clock(the_clock),
        engine(Engine::Options{.position_every = std::chrono::milliseconds(2),
                               .recover_every = std::chrono::milliseconds(1)},
               BookOptions(), journal, ids, view, clock,
               {.after_commit = [] {},
                .superseded = [] {},
                .after_action = [this](const ActionApplied& applied) { late = applied.late; }}) {
    engine.Start();
    REQUIRE(Eventually([this] { return engine.Ready().ok(); }));
  }
  ~Desk() { engine.Stop(); }

  Trade Buy() {
    std::promise<absl::StatusOr<TradeOpened>> opened;
    const Quote quote{.symbol = "AAPL", .last = Price::FromUnits(500), .time = clock.Now(), .source = "finnhub"};
    engine.Submit<OpenTrade, TradeOpened>(
        {.user_id = 1}, {.user_id = 1, .symbol = "AAPL", .quantity = Quantity::FromUnits(10), .quote = quote}, {}, {},
        [&](absl::StatusOr<TradeOpened> result) { opened.set_value(std::move(result)); });
    auto result = opened.get_future().get();
    REQUIRE_THAT(result.status(), IsOk());
    return result->trade;
  }
  void Tick(std::int64_t units, Timestamp time, const std::string& position) {
    engine.Feed({.epoch = engine.tick_cursor().epoch,
                 .position = {.entry = position},
                 .quotes = {{.symbol = "AAPL", .last = Price::FromUnits(units), .time = time, .source = "finnhub"}}});
  }

  FakeClock& clock;
  IdSource ids{clock, SeededRandom(3)};
  CommittedView view;
  std::atomic<bool> late = false;
  Engine engine;
};

TEST_CASE("at the start of the ex-date the split is committed without any tick or call") {
  MemoryJournal journal;
  FakeClock clock(kMidnight - std::chrono::minutes(1));
  journal.Keep(FourForOne());
  Desk desk(journal, clock);
  const Trade trade = desk.Buy();
  clock.Advance(std::chrono::minutes(1));
  REQUIRE(Eventually([&] { return journal.adjustments().size() == 1; }));
  REQUIRE(
      Eventually([&] { return desk.view.FindActiveTrade(1, trade.trade_id)->quantity == Quantity::FromUnits(40); }));
  CHECK_FALSE(desk.late);
}

TEST_CASE("a split whose commit fails is applied once when the engine is back") {
  MemoryJournal journal;
  FakeClock clock(kMidnight - std::chrono::minutes(1));
  Desk desk(journal, clock);
  const Trade trade = desk.Buy();
  journal.Keep(FourForOne());
  desk.engine.Learn({FourForOne()});
  journal.FailNextCommit(absl::UnavailableError("gone"), 2);
  clock.Advance(std::chrono::minutes(1));
  REQUIRE(Eventually([&] { return journal.adjustments().size() == 1; }));
  desk.engine.Learn({FourForOne()});
  desk.Buy();
  CHECK(journal.adjustments().size() == 1);
  CHECK(journal.trades().at(trade.trade_id).quantity == Quantity::FromUnits(40));
}

TEST_CASE("what an engine that died had kept is applied by the next, late, and says so") {
  MemoryJournal journal;
  FakeClock clock(kMidnight - std::chrono::minutes(1));
  std::string trade_id;
  {
    Desk desk(journal, clock);
    trade_id = desk.Buy().trade_id;
    journal.Keep(FourForOne());
  }
  clock.Advance(std::chrono::hours(30));
  for (int restart = 0; restart < 3; ++restart) {
    Desk desk(journal, clock);
    REQUIRE(Eventually([&] { return journal.adjustments().size() == 1; }));
    CHECK(desk.late == (restart == 0));
    desk.Buy();
  }
  CHECK(journal.adjustments().size() == 1);
  CHECK(journal.adjustments()[0].late);
  CHECK(journal.trades().at(trade_id).quantity == Quantity::FromUnits(40));
}

TEST_CASE("quotes from before the split are no price for readers either") {
  MemoryJournal journal;
  FakeClock clock(kMidnight - std::chrono::minutes(1));
  Desk desk(journal, clock);
  desk.Buy();
  desk.Tick(501, clock.Now(), "1-0");
  REQUIRE(Eventually([&] { return desk.view.FindQuote("AAPL").has_value(); }));
  journal.Keep(FourForOne());
  desk.engine.Learn({FourForOne()});
  clock.Advance(std::chrono::minutes(1));
  REQUIRE(Eventually([&] { return !desk.view.FindQuote("AAPL").has_value(); }));
  desk.Tick(502, kMidnight - std::chrono::seconds(1), "2-0");
  desk.Tick(126, kMidnight, "3-0");
  REQUIRE(Eventually([&] { return desk.view.FindQuote("AAPL").has_value(); }));
  CHECK(desk.view.FindQuote("AAPL")->last == Price::FromUnits(126));
}

// Knows what it is told to.
struct FakeArchive : ActionArchive {
  absl::StatusOr<std::vector<CorporateAction>> Unsettled(std::int64_t session) override {
    asked_for = session;
    return unsettled;
  }
  absl::StatusOr<std::vector<Trade>> ClosedAcross(const CorporateAction& /*action*/) override { return closed; }
  absl::StatusOr<std::vector<Adjustment>> AdjustmentsOf(std::int64_t /*session*/, std::int64_t /*user_id*/,
                                                        const std::string& /*trade_id*/) override {
    return std::vector<Adjustment>();
  }
  std::int64_t asked_for = -1;
  std::vector<CorporateAction> unsettled;
  std::vector<Trade> closed;
};

TEST_CASE("every action of the open session is settled, and what fails is tried again") {
  FakeArchive archive;
  archive.unsettled = {FourForOne()};
  archive.closed = {Trade{.trade_id = "01T"}};
  std::vector<SettleAction> settled;
  absl::Status outcome = absl::UnavailableError("away");
  ActionSettler settler(
      archive, [] { return 4; },
      [&](const SettleAction& command) -> absl::StatusOr<ActionSettled> {
        settled.push_back(command);
        if (!outcome.ok()) return outcome;
        return ActionSettled{.trades = 1};
      });
  CHECK_FALSE(settler.Step().ok());
  outcome = absl::OkStatus();
  CHECK_THAT(settler.Step().status(), IsOk());
  CHECK(archive.asked_for == 4);
  REQUIRE(settled.size() == 2);
  CHECK(settled[1].trades.front().trade_id == "01T");
}

}  // namespace
}  // namespace papertape::trade_engine

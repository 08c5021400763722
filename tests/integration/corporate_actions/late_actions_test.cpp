// Actions that the engine hears of too late, and engines that die between any two steps of applying one.
#include "services/trade_engine/store/action_rows.h"
#include "tests/integration/corporate_actions/engine_world.h"

namespace papertape::trade_engine {
namespace {

using testing::EngineWorld;
using testing::Eventually;
using testing::IsOk;
using testing::Life;

const Timestamp kDay = *ParseDate("2026-06-10");
const Timestamp kEve = *ParseRfc3339("2026-06-09T20:00:00Z");

CorporateAction PaysADollar() {
  return {.symbol = "AAPL",
          .exchange = "XNAS",
          .ex_date = kDay,
          .terms = Dividend{Price::FromUnits(1)},
          .foretold = false,
          .source = "polygon"};
}
CorporateAction FourForOne() {
  CorporateAction action = PaysADollar();
  action.terms = Split{Quantity::FromUnits(4), Quantity::FromUnits(1)};
  return action;
}

struct Late {
  FakeClock clock{kEve};
  EngineWorld world{clock};

  // As the feed does, and no more than that.
  void KeepOnly(const CorporateAction& action) {
    REQUIRE_THAT(world.pool->Transact([&](pg::Transaction& transaction) {
      CHECK(Keep(transaction, action) == Kept::kNews);
      return absl::OkStatus();
    }),
                 IsOk());
  }
  [[nodiscard]] std::string Count(const std::string& what) {
    return world.database.Execute("select count(*) from trade_engine." + what);
  }
};

TEST_CASE("a dividend that was told after its day began is paid to who held it then, closed since or not") {
  Late late;
  Life& life = *late.world.life;
  const Trade held = life.Open("AAPL", Side::kBuy, 10, 500), sold = life.Open("AAPL", Side::kBuy, 20, 500),
              early = life.Open("AAPL", Side::kBuy, 30, 500);
  life.Close(early, 500);
  late.world.AdvanceTo(kDay);
  life.Close(sold, 500);
  const Trade after = life.Open("AAPL", Side::kBuy, 40, 500);
  late.KeepOnly(PaysADollar());
  life.Listen();
  REQUIRE(Eventually([&] { return late.world.AdjustmentsOf(held).size() == 1; }));
  life.Settle();
  CHECK(late.world.Stored(held).income == Money::FromUnits(10));
  CHECK(late.world.Stored(sold).pnl == Money::FromUnits(20));
  CHECK(late.world.Stored(early).pnl == Money());
  CHECK(late.world.Stored(after).income == Money());
  const Receipt receipt = late.world.ReceiptOf(sold);
  CHECK(receipt.agrees);
  CHECK_THAT(receipt.adjustments[0].explanation,
             Catch::Contains("had been closed when it was paid. It was applied late"));
  CHECK(late.Count("corporate_actions where settled_at is not null") == "1");
  life.Settle();
  late.world.Restart();
  late.world.life->Settle();
  CHECK(late.Count("adjustments") == "2");
  late.world.CheckBooks();
}

TEST_CASE("a stop that fired because nobody knew of the split costs nothing in the end") {
  Late late;
  Life& life = *late.world.life;
  const Trade trade = life.Open("AAPL", Side::kBuy, 10, 500);
  late.world.AdvanceTo(kDay);
  life.Close(trade, 125);
  CHECK(late.world.Stored(trade).pnl == Money::FromUnits(-3'750));
  late.KeepOnly(FourForOne());
  life.Listen();
  REQUIRE(Eventually([&] { return late.Count("corporate_actions where applied_at is not null") == "1"; }));
  life.Settle();
  CHECK(late.world.Stored(trade).pnl == Money());
  CHECK(late.world.ReceiptOf(trade).agrees);
  late.world.CheckBooks();
}

TEST_CASE("killed between any two steps, the engine pays once") {
  // Before the engine is told; told and not yet due; applied and not yet settled; settled.
  const int dies_before = GENERATE(0, 1, 2, 3);
  Late late;
  const Trade trade = late.world.life->Open("AAPL", Side::kBuy, 10, 500);
  const Trade sold = late.world.life->Open("AAPL", Side::kSell, 5, 500);
  late.KeepOnly(PaysADollar());
  if (dies_before == 0) late.world.Restart();
  late.world.life->Listen();
  if (dies_before == 1) late.world.Restart();
  late.world.AdvanceTo(kDay);
  REQUIRE(Eventually([&] { return late.world.AdjustmentsOf(trade).size() == 1; }));
  if (dies_before == 2) late.world.Restart();
  late.world.life->Settle();
  if (dies_before == 3) late.world.Restart();
  late.world.life->Listen();
  late.world.life->Settle();
  late.world.life->Open("AAPL", Side::kBuy, 1, 500);
  CHECK(late.world.Stored(trade).income == Money::FromUnits(10));
  CHECK(late.world.Stored(sold).income == Money::FromUnits(-5));
  CHECK(late.Count("adjustments") == "2");
  late.world.CheckBooks();
}

TEST_CASE("a trade that is opened and adjusted in one commit is written as it is afterwards") {
  FakeClock clock(kEve);
  EngineWorld world(clock);
  world.life.reset();
  PgJournal journal(*world.pool, {EventType(), EncodeEvent});
  IdSource ids(clock, SystemRandom());
  Book book(BookOptions(), ids);
  REQUIRE_THAT(world.pool->Transact([&](pg::Transaction& transaction) {
    CHECK(Keep(transaction, PaysADollar()) == Kept::kNews);
    CHECK(Keep(transaction, FourForOne()) == Kept::kNews);
    return absl::OkStatus();
  }),
               IsOk());
  book.Restore(*journal.TakeOver(), clock.Now());
  Batch batch;
  const Quote quote{.symbol = "AAPL", .last = Price::FromUnits(500), .time = clock.Now(), .source = "finnhub"};
  book.Tick(quote, clock.Now(), batch, "1-0");
  const auto opened = book.Decide(OpenTrade{.user_id = 7, .symbol = "AAPL", .quantity = Quantity::FromUnits(10)},
                                  clock.Now(), "r", batch);
  REQUIRE_THAT(opened.status(), IsOk());
  world.AdvanceTo(kDay);
  book.ApplyDue(clock.Now(), batch);
  REQUIRE_THAT(journal.Commit(batch), IsOk());
  const Trade stored = world.Stored(opened->trade);
  CHECK(stored.quantity == Quantity::FromUnits(40));
  CHECK(stored.entry_price == Price::FromUnits(125));
  CHECK(stored.income == Money::FromUnits(10));
  world.CheckBooks();
}

TEST_CASE("an action of a session of the past reaches that session's trades alone, at the market's time") {
  Late late;
  const Trade live = late.world.life->Open("AAPL", Side::kBuy, 10, 500);
  CorporateAction action = PaysADollar();
  action.session = 3;
  action.ex_date = *ParseDate("2008-10-15");
  late.KeepOnly(action);
  const Timestamp eve = *ParseRfc3339("2008-10-14T15:00:00Z");
  late.world.life->Play(3, "AAPL", 100, eve);
  const auto opened = late.world.life->Buy("AAPL", 7);
  REQUIRE_THAT(opened.status(), IsOk());
  late.world.life->Play(3, "AAPL", 101, eve + std::chrono::hours(1));
  CHECK(late.Count("adjustments") == "0");
  late.world.life->Play(3, "AAPL", 99, eve + std::chrono::hours(23));
  REQUIRE(Eventually([&] { return late.Count("adjustments where session = 3 and not late") == "1"; }));
  late.world.life->Settle();
  CHECK(late.world.archive.FindTrade(3, 7, opened->trade.trade_id)->income == Money::FromUnits(7));
  CHECK(late.Count("corporate_actions where settled_at < '2009-01-01'") == "1");
  CHECK(late.world.Stored(live).income == Money());
}

TEST_CASE("the database refuses to have an action reach a trade twice, whatever the engine believes") {
  Late late;
  const Trade trade = late.world.life->Open("AAPL", Side::kBuy, 10, 500);
  late.KeepOnly(PaysADollar());
  late.world.life->Listen();
  late.world.AdvanceTo(kDay);
  REQUIRE(Eventually([&] { return late.world.AdjustmentsOf(trade).size() == 1; }));
  Adjustment again = late.world.AdjustmentsOf(trade)[0];
  const auto write = [&](const Batch& batch) {
    return late.world.pool->Transact(
        [&](pg::Transaction& transaction) { return WriteAdjustments(transaction, batch); });
  };
  Batch twice;
  twice.Append(again);
  CHECK(pg::ViolatedConstraint(write(twice)) == "adjustments_once");
  Batch marked_twice;
  marked_twice.Append(ActionMark{.action_id = again.action_id, .at = late.clock.Now()});
  CHECK_FALSE(write(marked_twice).ok());
  CHECK(late.world.Stored(trade).income == Money::FromUnits(10));
}

TEST_CASE("an action that was corrected while its first form was being applied is decided again") {
  Late late;
  const Trade trade = late.world.life->Open("AAPL", Side::kBuy, 10, 500);
  late.KeepOnly(PaysADollar());
  late.world.life->Listen();
  // The correction is durable, and the engine has not heard of it.
  CorporateAction corrected = PaysADollar();
  corrected.terms = Dividend{Price::FromUnits(2)};
  corrected.revision = 2;
  late.KeepOnly(corrected);
  late.world.AdvanceTo(kDay);
  REQUIRE(Eventually([&] { return late.world.AdjustmentsOf(trade).size() == 1; }));
  CHECK(late.world.Stored(trade).income == Money::FromUnits(20));
  late.world.CheckBooks();
}

}  // namespace
}  // namespace papertape::trade_engine

// Excursions through the engine: they commit with the close, and a crash takes none of them back.
#include "tests/support/matchers.h"
#include "tests/unit/trade_engine/domain/engine_desk.h"

namespace papertape::trade_engine {
namespace {

using papertape::testing::Eventually;
using papertape::testing::IsOk;

// Another engine on the same journal, caught up with the tape from where it asks to.
void CrashAndFeed(Desk& desk, MemoryJournal& journal, const std::vector<std::pair<std::int64_t, std::string>>& tape) {
  const std::uint64_t epoch = desk.engine_.tick_cursor().epoch;
  journal.FailNextCommit(absl::UnavailableError("gone"));
  (void)desk.Buy().get();
  REQUIRE(Eventually([&] { return desk.engine_.tick_cursor().epoch > epoch; }));
  const std::string from = desk.engine_.tick_cursor().position;
  for (const auto& [units, entry] : tape) {
    if (IsAfter(entry, from)) desk.Tick(units, entry);
  }
}

std::string Exit(Desk& desk, const std::string& trade_id, std::int64_t units) {
  const Quote quote{.symbol = "AAPL",
                    .last = Price::FromUnits(units),
                    .time = desk.clock_.Now() + std::chrono::microseconds(1),
                    .source = "test"};
  const auto exited = desk.Send<TradesExited>(ExitTrade{.user_id = 1, .trade_id = trade_id, .quote = quote}).get();
  REQUIRE_THAT(exited.status(), IsOk());
  return trade_id;
}

TEST_CASE("how far a trade was down and up is committed with its close") {
  MemoryJournal journal;
  Desk desk(journal);
  const auto opened = desk.Buy(Price::FromUnits(90)).get();
  REQUIRE_THAT(opened.status(), IsOk());
  desk.Tick(120, "1-0");
  desk.Tick(95, "2-0");
  desk.Tick(89, "3-0");  // the stop
  REQUIRE(Eventually([&] { return journal.closed_ways().size() == 1; }));
  const ClosedWay way = journal.closed_ways().front();
  CHECK(way.trade_id == opened->trade.trade_id);
  CHECK(way.excursion.adverse == Money::FromUnits(-11));
  CHECK(way.excursion.favorable == Money::FromUnits(20));
  CHECK_FALSE(way.excursion.gap);
}

TEST_CASE("after a crash the prices since the extremes were kept are counted again") {
  MemoryJournal journal;
  Desk desk(journal);
  const std::vector<std::pair<std::int64_t, std::string>> tape{{100, "1-0"}, {130, "2-0"}, {80, "3-0"}, {100, "4-0"}};
  desk.Tick(100, "1-0");
  desk.clock_.Advance(std::chrono::seconds(2));
  const auto opened = desk.Buy().get();  // keeps the extremes as of 1-0
  REQUIRE_THAT(opened.status(), IsOk());
  desk.Tick(130, "2-0");
  desk.Tick(80, "3-0");
  REQUIRE_THAT(desk.Buy().get().status(), IsOk());  // the books have come to 3-0, the extremes have not
  CHECK(journal.position() == "3-0");
  CrashAndFeed(desk, journal, tape);
  REQUIRE(Eventually([&] { return desk.engine_.Ready().ok(); }));
  Exit(desk, opened->trade.trade_id, 100);
  REQUIRE(Eventually([&] { return journal.closed_ways().size() == 1; }));
  const Excursion way = journal.closed_ways().front().excursion;
  CHECK(way.adverse == Money::FromUnits(-20));
  CHECK(way.favorable == Money::FromUnits(30));
  CHECK_FALSE(way.gap);
}

TEST_CASE("where the tape has lost prices, the trades that were open say so") {
  MemoryJournal journal;
  Desk desk(journal);
  desk.Tick(100, "1-0");
  desk.clock_.Advance(std::chrono::seconds(2));
  const auto opened = desk.Buy().get();
  REQUIRE_THAT(opened.status(), IsOk());
  CrashAndFeed(desk, journal, {{110, "5-0"}});  // 1-0 is gone, and who knows what after it
  REQUIRE(Eventually([&] { return desk.engine_.Ready().ok(); }));
  const auto later = desk.Buy().get();
  Exit(desk, opened->trade.trade_id, 110);
  Exit(desk, later->trade.trade_id, 110);
  REQUIRE(Eventually([&] { return journal.closed_ways().size() == 2; }));
  CHECK(journal.closed_ways()[0].excursion.gap);
  CHECK_FALSE(journal.closed_ways()[1].excursion.gap);
}

}  // namespace
}  // namespace papertape::trade_engine

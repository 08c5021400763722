#include "services/trade_engine/domain/engine.h"

#include "tests/support/matchers.h"
#include "tests/unit/trade_engine/domain/engine_desk.h"

namespace papertape::trade_engine {
namespace {

using papertape::testing::HasReason;
using papertape::testing::IsOk;

TEST_CASE("nothing is told before it is committed") {
  MemoryJournal journal;
  Desk desk(journal);
  journal.Hold();
  auto bought = desk.Buy();
  journal.WaitForCommitToBegin(1);
  CHECK(bought.wait_for(std::chrono::seconds(0)) == std::future_status::timeout);
  CHECK_FALSE(desk.view_.FindAccount(1));
  CHECK(desk.relays_ == 0);
  journal.Release();
  const auto opened = bought.get();
  REQUIRE_THAT(opened.status(), IsOk());
  CHECK(desk.view_.FindAccount(1)->utilized == Money::FromUnits(20));
  CHECK(desk.view_.FindActiveTrade(1, opened->trade.trade_id));
}

TEST_CASE("what arrives during one commit shares the next") {
  MemoryJournal journal;
  Desk desk(journal);
  journal.Hold();
  std::vector<std::future<absl::StatusOr<TradeOpened>>> bought;
  bought.push_back(desk.Buy());
  journal.WaitForCommitToBegin(1);
  for (int i = 0; i < 100; ++i) bought.push_back(desk.Buy());
  journal.Release();
  for (auto& future : bought) CHECK_THAT(future.get().status(), IsOk());
  CHECK(journal.orders().size() == 101);
  CHECK(journal.commits() <= 3);
}

TEST_CASE("after a failed commit callers are told, nothing stays, and the engine goes on from the journal") {
  MemoryJournal journal;
  Desk desk(journal);
  REQUIRE_THAT(desk.Buy().get().status(), IsOk());
  const std::uint64_t epoch = desk.engine_.tick_cursor().epoch;
  journal.FailNextCommit(absl::UnavailableError("gone"), 2);
  CHECK_THAT(desk.Buy().get().status(), HasReason(Reason::kUNAVAILABLE));
  REQUIRE(papertape::testing::Eventually([&] { return desk.engine_.Ready().ok(); }));
  CHECK(desk.engine_.tick_cursor().epoch == epoch + 1);
  CHECK(journal.orders().size() == 1);
  CHECK(desk.view_.ActiveTrades(1).size() == 1);
  CHECK_THAT(desk.Buy().get().status(), IsOk());
  CHECK(journal.accounts().at(1).total_trades == 2);
}

TEST_CASE("a repeated key gets the first answer, also after a restart; with another request it is refused") {
  MemoryJournal journal;
  {
    Desk desk(journal);
    REQUIRE_THAT(desk.Buy({}, "k1").get().status(), IsOk());
    CHECK(MessageOf(desk.Buy({}, "k1").get().status()) == "remembered");
    CHECK_THAT(desk.Buy({}, "k1", "other").get().status(), HasReason(Reason::kIDEMPOTENCY_CONFLICT));
  }
  Desk desk(journal);
  CHECK(MessageOf(desk.Buy({}, "k1").get().status()) == "remembered");
  CHECK(journal.orders().size() == 1);
}

TEST_CASE("a tick fires a stop once, and the position of the tick is committed with it") {
  MemoryJournal journal;
  Desk desk(journal);
  REQUIRE_THAT(desk.Buy(Price::FromUnits(90)).get().status(), IsOk());
  desk.Tick(89, "7-0");
  REQUIRE(papertape::testing::Eventually([&] { return journal.orders().size() == 2; }));
  CHECK(journal.position() == "7-0");
  CHECK(journal.events().back().kind == EventKind::kStopLossHit);
  desk.Tick(88, "8-0");
  CHECK_THAT(desk.Buy().get().status(), IsOk());
  CHECK(journal.orders().size() == 3);
}

TEST_CASE("a crash between deciding and committing replays the ticks from the committed position") {
  MemoryJournal journal;
  Desk desk(journal);
  REQUIRE_THAT(desk.Buy(Price::FromUnits(90)).get().status(), IsOk());
  desk.Tick(95, "1-0");
  REQUIRE_THAT(desk.Buy().get().status(), IsOk());  // commits position 1-0
  const std::uint64_t epoch = desk.engine_.tick_cursor().epoch;
  journal.FailNextCommit(absl::UnavailableError("gone"));
  desk.Tick(89, "2-0");
  REQUIRE(papertape::testing::Eventually([&] { return desk.engine_.tick_cursor().epoch == epoch + 1; }));
  CHECK(desk.engine_.tick_cursor().position == "1-0");
  CHECK(journal.orders().size() == 2);
  desk.Tick(89, "2-0");
  REQUIRE(papertape::testing::Eventually([&] { return journal.orders().size() == 3; }));
}

TEST_CASE("nobody trades before the ticks that came while the engine was away have been read") {
  MemoryJournal journal;
  Desk desk(journal, true);
  CHECK_THAT(desk.engine_.Ready(), HasReason(Reason::kUNAVAILABLE));
  CHECK_THAT(desk.Buy().get().status(), HasReason(Reason::kUNAVAILABLE));
  desk.engine_.CaughtUp(desk.engine_.tick_cursor().epoch - 1);
  CHECK_THAT(desk.Buy().get().status(), HasReason(Reason::kUNAVAILABLE));
  desk.engine_.CaughtUp(desk.engine_.tick_cursor().epoch);
  CHECK_THAT(desk.Buy().get().status(), IsOk());
  journal.FailNextCommit(absl::UnavailableError("gone"));
  const std::uint64_t epoch = desk.engine_.tick_cursor().epoch;
  CHECK_THAT(desk.Buy().get().status(), HasReason(Reason::kUNAVAILABLE));
  REQUIRE(papertape::testing::Eventually([&] { return desk.engine_.tick_cursor().epoch == epoch + 1; }));
  CHECK_THAT(desk.Buy().get().status(), HasReason(Reason::kUNAVAILABLE));
  desk.engine_.CaughtUp(epoch + 1);
  CHECK_THAT(desk.Buy().get().status(), IsOk());
  CHECK(journal.orders().size() == 2);
}

TEST_CASE("an engine that was superseded asks to be ended and takes nothing back") {
  MemoryJournal journal;
  Desk desk(journal);
  const int takeovers = journal.takeovers();
  journal.FailNextCommit(absl::AbortedError("another"));
  CHECK_THAT(desk.Buy().get().status(), HasReason(Reason::kUNAVAILABLE));
  REQUIRE(papertape::testing::Eventually([&] { return desk.superseded_.load(); }));
  CHECK_FALSE(desk.engine_.Ready().ok());
  CHECK(journal.takeovers() == takeovers);
}

TEST_CASE("a quiet market's position is committed now and then") {
  MemoryJournal journal;
  Desk desk(journal);
  desk.clock_.Advance(std::chrono::seconds(2));
  desk.Tick(100, "3-0");
  CHECK(papertape::testing::Eventually([&] { return journal.position() == "3-0"; }));
}

TEST_CASE("random trading conserves money, and replaying the journal gives the same figures") {
  RandomBits random = SeededRandom(GENERATE(11U, 12U, 13U));
  MemoryJournal journal;
  Desk desk(journal);
  std::vector<std::future<absl::StatusOr<TradeOpened>>> bought;
  for (int i = 0; i < 2'000; ++i) {
    // Bursts, each of which finds the engine ready; some lose their commit.
    if (i % 25 == 0 && i > 0) {
      bought.back().wait();
      REQUIRE(papertape::testing::Eventually([&] { return desk.engine_.Ready().ok(); }));
    }
    if (random() % 100 == 0) journal.FailNextCommit(absl::UnavailableError("gone"));
    desk.Tick(static_cast<std::int64_t>(80 + random() % 40), std::to_string(i + 1) + "-0");
    bought.push_back(desk.Buy(Price::FromUnits(static_cast<std::int64_t>(70 + random() % 40))));
  }
  std::size_t acknowledged = 0;
  for (auto& future : bought) acknowledged += future.get().ok() ? 1U : 0U;
  journal.FailNextCommit(absl::OkStatus());

  std::map<LedgerBook, std::int64_t> sums;
  std::map<std::int64_t, std::map<int, int>> seen;
  for (const Transfer& transfer : journal.transfers()) {
    sums[transfer.from] -= transfer.amount.micros();
    sums[transfer.to] += transfer.amount.micros();
    CHECK(++seen[transfer.account_seq][transfer.line] == 1);
  }
  REQUIRE(journal.accounts().contains(1));
  const Account account = journal.accounts().at(1);
  CHECK(sums[LedgerBook::kCash] == account.available.micros());
  CHECK(sums[LedgerBook::kMargin] == account.utilized.micros());
  CHECK(-sums[LedgerBook::kPnl] - sums[LedgerBook::kFees] == account.realized_pnl.micros());
  CHECK(-sums[LedgerBook::kDeposit] == account.deposit.micros());

  std::size_t opened = 0;
  std::map<std::string, int> closes;
  for (const Order& order : journal.orders()) {
    opened += order.opens ? 1U : 0U;
    if (!order.opens) CHECK(++closes[order.trade_id] == 1);
  }
  CHECK(acknowledged > 500);
  CHECK(opened == acknowledged);
  std::int64_t seq = 0;
  for (const Event& event : journal.events()) CHECK(event.account_seq == ++seq);
}

}  // namespace
}  // namespace papertape::trade_engine

// Corporate actions on a book: what they do to trades, accounts, triggers and fills.
#include <map>
#include <random>

#include "libs/clock/fake_clock.h"
#include "services/trade_engine/domain/book.h"
#include "tests/support/matchers.h"

namespace papertape::trade_engine {
namespace {

using papertape::testing::HasReason;
using papertape::testing::IsOk;

const Timestamp kMidnight = *ParseRfc3339("2026-06-10T04:00:00Z");  // in New York

CorporateAction FourForOne() {
  return {.symbol = "AAPL",
          .exchange = "XNAS",
          .ex_date = *ParseDate("2026-06-10"),
          .terms = Split{Quantity::FromUnits(4), Quantity::FromUnits(1)},
          .source = "polygon"};
}
CorporateAction PaysAQuarter() {
  CorporateAction action = FourForOne();
  action.terms = Dividend{Price::FromMicros(250'000)};
  return action;
}

// A book on the eve of an ex-date, with the price at 500, and everything that its batches have said.
struct Eve {
  FakeClock clock{kMidnight - std::chrono::hours(8)};
  IdSource ids{clock, SeededRandom(5)};
  Book book{BookOptions{.initial_deposit = Money::FromUnits(1'000'000)}, ids};
  std::vector<Event> events;
  std::vector<Transfer> transfers;
  std::vector<Adjustment> adjustments;
  std::vector<ActionMark> marks;
  std::map<std::string, Trade> trades;
  std::map<std::int64_t, Account> accounts;

  Eve() { Tick(500); }

  void Take(const Batch& batch) {
    events.insert(events.end(), batch.events().begin(), batch.events().end());
    transfers.insert(transfers.end(), batch.transfers().begin(), batch.transfers().end());
    adjustments.insert(adjustments.end(), batch.adjustments().begin(), batch.adjustments().end());
    marks.insert(marks.end(), batch.action_marks().begin(), batch.action_marks().end());
    for (const Event& event : batch.events()) {
      accounts[event.account.user_id] = event.account;
      if (event.trade) trades[event.trade->trade_id] = *event.trade;
    }
  }
  void Tick(std::int64_t units, std::optional<Timestamp> time = {}, const std::string& source = "finnhub") {
    Batch batch;
    book.Tick({.symbol = "AAPL", .last = Price::FromUnits(units), .time = time.value_or(clock.Now()), .source = source},
              clock.Now(), batch);
    Take(batch);
  }
  Trade Open(Side side = Side::kBuy, std::int64_t quantity = 10, std::optional<Price> stop = {},
             std::optional<Price> target = {}, std::int64_t user_id = 1) {
    Batch batch;
    const auto opened = book.Decide(OpenTrade{.user_id = user_id,
                                              .symbol = "AAPL",
                                              .side = side,
                                              .quantity = Quantity::FromUnits(quantity),
                                              .stop_loss = stop,
                                              .target_price = target},
                                    clock.Now(), "r", batch);
    REQUIRE_THAT(opened.status(), IsOk());
    Take(batch);
    return opened->trade;
  }
  absl::StatusOr<TradesExited> Exit(const Trade& trade) {
    Batch batch;
    auto exited = book.Decide(ExitTrade{.user_id = trade.user_id, .trade_id = trade.trade_id}, clock.Now(), "r", batch);
    if (exited.ok()) Take(batch);
    return exited;
  }
  void Apply() {
    Batch batch;
    book.ApplyDue(clock.Now(), batch);
    Take(batch);
  }
  void Dawn() {
    clock.Advance(kMidnight - clock.Now());
    Apply();
  }
  void CheckSums() {
    for (const auto& [user_id, account] : accounts) {
      std::map<LedgerBook, std::int64_t> books;
      for (const Transfer& transfer : transfers) {
        if (transfer.user_id != user_id) continue;
        books[transfer.from] -= transfer.amount.micros();
        books[transfer.to] += transfer.amount.micros();
      }
      CHECK(account.available.micros() == books[LedgerBook::kCash]);
      CHECK(account.utilized.micros() == books[LedgerBook::kMargin]);
      CHECK(account.deposit.micros() == -books[LedgerBook::kDeposit]);
      CHECK(account.realized_pnl.micros() ==
            -books[LedgerBook::kPnl] - books[LedgerBook::kFees] - books[LedgerBook::kDividends]);
      std::int64_t realized = 0;
      for (const auto& [id, trade] : trades) {
        if (trade.user_id == user_id) realized += trade.pnl.value_or(trade.income).micros();
      }
      CHECK(account.realized_pnl.micros() == realized);
    }
  }
};

TEST_CASE("a split reaches open trades when its day begins: shares, entry, stop and target, and no money moves") {
  Eve eve;
  const Trade trade = eve.Open(Side::kBuy, 10, Price::FromUnits(480), Price::FromUnits(560));
  const Account before = eve.accounts.at(1);
  eve.book.Learn(FourForOne(), eve.clock.Now());
  eve.Apply();
  CHECK(eve.trades.at(trade.trade_id).quantity == Quantity::FromUnits(10));
  eve.Dawn();
  const Trade& after = eve.trades.at(trade.trade_id);
  CHECK(after.quantity == Quantity::FromUnits(40));
  CHECK(after.entry_price == Price::FromUnits(125));
  CHECK(after.stop_loss == Price::FromUnits(120));
  CHECK(after.target_price == Price::FromUnits(140));
  CHECK(after.margin_used == trade.margin_used);
  CHECK(after.income == Money());
  CHECK(eve.accounts.at(1).available == before.available);
  CHECK(eve.events.back().kind == EventKind::kSplitApplied);
  CHECK(eve.events.back().account_seq == before.last_seq + 1);
  REQUIRE(eve.marks.size() == 1);
  CHECK(eve.marks[0].action_id == "AAPL/2026-06-10/split");
  eve.Apply();
  eve.book.Learn(FourForOne(), eve.clock.Now());
  eve.Apply();
  CHECK(eve.adjustments.size() == 1);
  eve.CheckSums();
}

TEST_CASE("no stop fires because of a split, and the moved stop fires where it stands now") {
  Eve eve;
  const Trade with_stop = eve.Open(Side::kBuy, 10, Price::FromUnits(480));
  const Trade short_trade = eve.Open(Side::kSell, 10, Price::FromUnits(520), Price::FromUnits(440));
  eve.book.Learn(FourForOne(), eve.clock.Now());
  eve.clock.Advance(kMidnight + std::chrono::hours(9) - eve.clock.Now());
  eve.Tick(125);  // the first price of the day: 500 on the old terms
  CHECK(eve.trades.at(with_stop.trade_id).status == TradeStatus::kActive);
  CHECK(eve.trades.at(short_trade.trade_id).status == TradeStatus::kActive);
  eve.Tick(120);
  CHECK(eve.trades.at(with_stop.trade_id).status == TradeStatus::kStopLossHit);
  CHECK(eve.trades.at(with_stop.trade_id).pnl == Money::FromUnits(-200));  // 40 * -5, as 10 * -20 would have been
  eve.Tick(110);
  CHECK(eve.trades.at(short_trade.trade_id).status == TradeStatus::kTargetHit);
  CHECK(eve.trades.at(short_trade.trade_id).pnl == Money::FromUnits(600));
  eve.CheckSums();
}

TEST_CASE("a quote from before the split neither fires nor fills after it, however late it comes") {
  Eve eve;
  const Trade trade = eve.Open(Side::kBuy, 10, {}, Price::FromUnits(560));
  eve.book.Learn(FourForOne(), eve.clock.Now());
  eve.clock.Advance(kMidnight - std::chrono::milliseconds(500) - eve.clock.Now());
  eve.Tick(501);
  eve.clock.Advance(std::chrono::seconds(1));
  eve.Apply();
  CHECK_THAT(eve.Exit(trade).status(), HasReason(Reason::kQUOTE_STALE));  // 501 is a second old, and void
  eve.Tick(502, kMidnight - std::chrono::milliseconds(1));
  CHECK(eve.trades.at(trade.trade_id).status == TradeStatus::kActive);
  CHECK_THAT(eve.Exit(trade).status(), HasReason(Reason::kQUOTE_STALE));
  const Quote asked{.symbol = "AAPL",
                    .last = Price::FromUnits(503),
                    .time = kMidnight - std::chrono::milliseconds(1),
                    .source = "finnhub"};
  Batch batch;
  CHECK_THAT(
      eve.book.Decide(ExitTrade{.user_id = 1, .trade_id = trade.trade_id, .quote = asked}, eve.clock.Now(), "r", batch)
          .status(),
      HasReason(Reason::kQUOTE_STALE));
  eve.Tick(126);
  const auto exited = eve.Exit(trade);
  REQUIRE_THAT(exited.status(), IsOk());
  CHECK(exited->total_pnl == Money::FromUnits(40));
  eve.CheckSums();
}

TEST_CASE("a dividend is credited to longs and debited from shorts, and is part of the trade's profit") {
  Eve eve;
  const Trade bought = eve.Open(Side::kBuy, 10), sold = eve.Open(Side::kSell, 4, {}, {}, 2);
  eve.book.Learn(PaysAQuarter(), eve.clock.Now());
  eve.Dawn();
  CHECK(eve.accounts.at(1).realized_pnl == Money::FromMicros(2'500'000));
  CHECK(eve.accounts.at(2).realized_pnl == Money::FromUnits(-1));
  CHECK(eve.trades.at(bought.trade_id).income == Money::FromMicros(2'500'000));
  CHECK(eve.trades.at(sold.trade_id).income == Money::FromUnits(-1));
  CHECK(eve.transfers.back().to == LedgerBook::kDividends);
  eve.CheckSums();
  eve.Tick(500);
  CHECK(eve.Exit(bought)->total_pnl == Money::FromMicros(2'500'000));
  CHECK(eve.Exit(sold)->total_pnl == Money::FromUnits(-1));
  CHECK(eve.accounts.at(1).winning_trades == 1);
  CHECK(eve.accounts.at(2).losing_trades == 1);
  CHECK(eve.accounts.at(1).available == Money::FromMicros(1'000'002'500'000));
  eve.CheckSums();
}

TEST_CASE("who buys on the ex-date gets neither the dividend nor the split") {
  Eve eve;
  eve.book.Learn(PaysAQuarter(), eve.clock.Now());
  eve.book.Learn(FourForOne(), eve.clock.Now());
  eve.clock.Advance(kMidnight - eve.clock.Now());
  eve.Tick(125);
  const Trade trade = eve.Open();
  eve.Apply();
  CHECK(eve.trades.at(trade.trade_id).quantity == Quantity::FromUnits(10));
  CHECK(eve.adjustments.empty());
  CHECK(eve.marks.size() == 2);
}

TEST_CASE("on one day the dividend is for the shares of the day before") {
  Eve eve;
  const Trade trade = eve.Open();
  eve.book.Learn(FourForOne(), eve.clock.Now());
  eve.book.Learn(PaysAQuarter(), eve.clock.Now());
  eve.Dawn();
  CHECK(eve.trades.at(trade.trade_id).income == Money::FromMicros(2'500'000));
  CHECK(eve.trades.at(trade.trade_id).quantity == Quantity::FromUnits(40));
}

TEST_CASE("after an outage ticks of the eve meet the old stop, and those of the day the new one") {
  Eve eve;
  const Trade falls = eve.Open(Side::kBuy, 10, Price::FromUnits(490)),
              stays = eve.Open(Side::kBuy, 10, Price::FromUnits(480));
  eve.book.Learn(FourForOne(), eve.clock.Now());
  eve.clock.Advance(std::chrono::hours(24));
  // Read after a restart, with their own times; nobody asks for what is due now until all have been read.
  eve.Tick(489, kMidnight - std::chrono::hours(2));
  CHECK(eve.trades.at(falls.trade_id).status == TradeStatus::kStopLossHit);
  eve.Tick(124, kMidnight + std::chrono::hours(10));
  CHECK(eve.trades.at(stays.trade_id).status == TradeStatus::kActive);
  CHECK(eve.trades.at(stays.trade_id).quantity == Quantity::FromUnits(40));
  CHECK(eve.trades.at(falls.trade_id).quantity == Quantity::FromUnits(10));
}

TEST_CASE("a dividend that was told late is paid to open trades and to those that were closed in between") {
  Eve eve;
  const Trade open = eve.Open(), closed = eve.Open(Side::kBuy, 20);
  eve.clock.Advance(kMidnight + std::chrono::hours(10) - eve.clock.Now());
  eve.Tick(500);
  REQUIRE_THAT(eve.Exit(closed).status(), IsOk());
  CHECK(eve.accounts.at(1).winning_trades == 0);
  eve.book.Learn(PaysAQuarter(), eve.clock.Now());
  eve.Apply();
  REQUIRE(eve.adjustments.size() == 1);
  CHECK(eve.adjustments[0].late);
  CHECK(eve.adjustments[0].trade_id == open.trade_id);

  Batch batch;
  const auto settled = eve.book.Decide(
      SettleAction{.action = PaysAQuarter(), .trades = {eve.trades.at(closed.trade_id)}}, eve.clock.Now(), "", batch);
  eve.Take(batch);
  CHECK(settled->trades == 1);
  CHECK(eve.marks.back().settled);
  CHECK(eve.trades.at(closed.trade_id).pnl == Money::FromUnits(5));
  CHECK(eve.accounts.at(1).winning_trades == 1);
  CHECK(eve.adjustments.back().after_close);
  eve.CheckSums();
}

TEST_CASE("a trade that was closed before anybody knew of the split gets what its shares were worth") {
  Eve eve;
  const Trade trade = eve.Open(Side::kBuy, 10, Price::FromUnits(480));
  eve.clock.Advance(kMidnight + std::chrono::hours(10) - eve.clock.Now());
  eve.Tick(125);  // the stop at 480 fires at a quarter of the price
  CHECK(eve.trades.at(trade.trade_id).pnl == Money::FromUnits(-3'750));
  Batch batch;
  const SettleAction settle{.action = FourForOne(), .trades = {eve.trades.at(trade.trade_id)}};
  REQUIRE_THAT(eve.book.Decide(settle, eve.clock.Now(), "", batch).status(), IsOk());
  eve.Take(batch);
  CHECK(eve.trades.at(trade.trade_id).pnl == Money());
  CHECK(eve.accounts.at(1).losing_trades == 0);
  eve.CheckSums();
}

TEST_CASE(
    "made-up prices take a split that was announced, and so do trades at them; not one that was told afterwards") {
  const bool foretold = GENERATE(true, false);
  Eve eve;
  eve.Tick(500, {}, "simulator");
  const Trade trade = eve.Open();
  CorporateAction action = FourForOne();
  action.foretold = foretold;
  eve.book.Learn(action, eve.clock.Now());
  eve.Dawn();
  CHECK(eve.trades.at(trade.trade_id).quantity == Quantity::FromUnits(foretold ? 40 : 10));
}

TEST_CASE("another session's actions do not reach these books") {
  Eve eve;
  const Trade trade = eve.Open();
  CorporateAction action = FourForOne();
  action.session = 3;
  eve.book.Learn(action, eve.clock.Now());
  eve.Dawn();
  CHECK(eve.trades.at(trade.trade_id).quantity == Quantity::FromUnits(10));
  CHECK(eve.marks.empty());
}

TEST_CASE("random trades through random actions conserve money, and win what they would have won") {
  std::mt19937_64 random(13);
  for (int round = 0; round < 200; ++round) {
    Eve eve;
    std::vector<Trade> open;
    for (int i = 0; i < 20; ++i) {
      const auto side = random() % 2 == 0 ? Side::kBuy : Side::kSell;
      open.push_back(eve.Open(side, 1 + static_cast<std::int64_t>(random() % 50), {}, {},
                              1 + static_cast<std::int64_t>(random() % 3)));
    }
    CorporateAction split = FourForOne();
    const std::int64_t n = 1 + static_cast<std::int64_t>(random() % 8);
    split.terms = Split{Quantity::FromUnits(n), Quantity::FromUnits(1)};
    std::vector<CorporateAction> told{split, PaysAQuarter(), split, PaysAQuarter(), split};
    std::shuffle(told.begin(), told.end(), random);
    for (const CorporateAction& action : told) eve.book.Learn(action, eve.clock.Now());
    eve.Dawn();
    for (const CorporateAction& action : told) eve.book.Learn(action, eve.clock.Now());
    eve.Apply();
    eve.CheckSums();
    // 840 is divided by every number up to 8: the price before the split is a whole one, too.
    eve.Tick(840 / n);
    for (const Trade& trade : open) {
      const auto exited = eve.Exit(trade);
      REQUIRE_THAT(exited.status(), IsOk());
      const std::int64_t sign = trade.side == Side::kBuy ? 1 : -1;
      const std::int64_t without_split = sign * trade.quantity.micros() * (840 - 500);
      const std::int64_t dividend = sign * trade.quantity.micros() / 4;
      CHECK(std::abs(exited->total_pnl.micros() - without_split - dividend) <= 1);
    }
    eve.CheckSums();
    for (const auto& [user_id, account] : eve.accounts) CHECK(account.utilized == Money());
  }
}

}  // namespace
}  // namespace papertape::trade_engine

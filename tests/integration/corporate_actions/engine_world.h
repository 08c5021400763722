// The trade engine on real servers, listening to events.market; its clock is the test's.
#pragma once

#include <future>
#include <memory>
#include <string>
#include <vector>

#include "libs/clock/fake_clock.h"
#include "libs/events/events.h"
#include "migrations/trade_engine_store.h"
#include "services/trade_engine/clients/market_events.h"
#include "services/trade_engine/domain/action_settler.h"
#include "services/trade_engine/domain/engine.h"
#include "services/trade_engine/domain/receipt.h"
#include "services/trade_engine/rpc/event_messages.h"
#include "services/trade_engine/store/action_feed.h"
#include "services/trade_engine/store/pg_action_archive.h"
#include "services/trade_engine/store/pg_archive.h"
#include "services/trade_engine/store/pg_journal.h"
#include "tests/support/eventually.h"
#include "tests/support/matchers.h"
#include "tests/support/test_database.h"

namespace papertape::trade_engine::testing {

using papertape::testing::Eventually;
using papertape::testing::IsOk;

// The entries of one tape, whoever follows it.
inline std::string NextEntry() {
  static int newest = 0;
  return std::to_string(++newest) + "-0";
}

// One life of the engine's process.
class Life {
 public:
  Life(pg::Pool& pool, redis::Client& redis, const Clock& clock)
      : journal_(pool, {EventType(), EncodeEvent}),
        ids_(clock, SystemRandom()),
        engine_(Engine::Options{.position_every = std::chrono::milliseconds(2)}, BookOptions(), journal_, ids_, view_,
                clock, {.after_commit = [] {}, .superseded = [] {}}),
        feed_(pool, redis, {.stream = "events.market", .group = "trade_engine", .consumer = "trade_engine"},
              ReadMarketEvent, [this](std::vector<CorporateAction> actions) { engine_.Learn(std::move(actions)); }),
        archive_(pool),
        settler_(
            archive_, [this] { return view_.session(); },
            [this](const SettleAction& command) { return Ask<ActionSettled>(command); }),
        clock_(clock) {
    engine_.Start();
    REQUIRE(Eventually([this] { return engine_.Ready().ok(); }));
  }
  ~Life() { engine_.Stop(); }

  template <class Result, class Command>
  absl::StatusOr<Result> Ask(const Command& command) {
    const auto outcome = std::make_shared<std::promise<absl::StatusOr<Result>>>();
    engine_.Submit<Command, Result>(RequestContext(), command, {}, {}, [outcome](absl::StatusOr<Result> result) {
      outcome->set_value(std::move(result));
    });
    return outcome->get_future().get();
  }
  // At a price of a provider's, which the engine is told by a tick.
  Trade Open(const std::string& symbol, Side side, std::int64_t quantity, std::int64_t price) {
    Tick(symbol, price);
    const auto opened = Ask<TradeOpened>(OpenTrade{.user_id = 7,
                                                   .symbol = symbol,
                                                   .side = side,
                                                   .quantity = Quantity::FromUnits(quantity),
                                                   .quote = At(symbol, price)});
    REQUIRE_THAT(opened.status(), IsOk());
    return opened->trade;
  }
  Trade Close(const Trade& trade, std::int64_t price) {
    Tick(trade.symbol, price);
    const auto exited =
        Ask<TradesExited>(ExitTrade{.user_id = 7, .trade_id = trade.trade_id, .quote = At(trade.symbol, price)});
    REQUIRE_THAT(exited.status(), IsOk());
    return exited->trades.front();
  }
  void Tick(const std::string& symbol, std::int64_t price) {
    engine_.Feed(
        {.epoch = engine_.tick_cursor().epoch, .position = {.entry = NextEntry()}, .quotes = {At(symbol, price)}});
  }
  // One price of a session of the past, at the market's `time`, fed until the engine has followed the tape there.
  void Play(std::int64_t session, const std::string& symbol, std::int64_t price, Timestamp time) {
    const auto feed = [&] {
      engine_.Feed({.epoch = engine_.tick_cursor().epoch,
                    .position = {.entry = NextEntry(), .session = session, .clock_micros = MicrosSinceEpoch(time)},
                    .quotes = {{.symbol = symbol, .last = Price::FromUnits(price), .time = time, .source = "replay"}}});
    };
    REQUIRE(Eventually([&] {
      feed();
      const std::optional<Quote> known = view_.FindQuote(symbol);
      return view_.session() == session && known && known->time == time;
    }));
  }
  absl::StatusOr<TradeOpened> Buy(const std::string& symbol, std::int64_t quantity) {
    return Ask<TradeOpened>(OpenTrade{.user_id = 7, .symbol = symbol, .quantity = Quantity::FromUnits(quantity)});
  }
  // Until the engine has learned what there is.
  void Listen() {
    REQUIRE_THAT(feed_.CatchUp(), IsOk());
    REQUIRE_THAT(Ask<AccountOpened>(OpenAccount{.user_id = 7}).status(), IsOk());
  }
  void Settle() { REQUIRE_THAT(settler_.Step().status(), IsOk()); }

 private:
  [[nodiscard]] Quote At(const std::string& symbol, std::int64_t price) const {
    return {.symbol = symbol, .last = Price::FromUnits(price), .time = clock_.Now(), .source = "finnhub"};
  }

  PgJournal journal_;
  IdSource ids_;
  CommittedView view_;
  Engine engine_;
  ActionFeed feed_;
  PgActionArchive archive_;
  ActionSettler settler_;
  const Clock& clock_;
};

struct EngineWorld {
  explicit EngineWorld(FakeClock& the_clock) : clock(the_clock) { Restart(); }

  // As after kill -9.
  void Restart() {
    life.reset();
    life = std::make_unique<Life>(*pool, redis, clock);
  }
  [[nodiscard]] Trade Stored(const Trade& trade) { return archive.FindTrade(0, 7, trade.trade_id).value(); }
  [[nodiscard]] std::vector<Adjustment> AdjustmentsOf(const Trade& trade) {
    return adjustments.AdjustmentsOf(0, 7, trade.trade_id).value();
  }
  [[nodiscard]] Receipt ReceiptOf(const Trade& trade) {
    return MakeReceipt(Stored(trade), archive.OrdersOf(0, 7, trade.trade_id).value(), {}, AdjustmentsOf(trade)).value();
  }
  // Until the day has begun in New York, and a moment longer.
  void AdvanceTo(Timestamp day) {
    const Timestamp begins = BeginsAt({.exchange = "XNAS", .ex_date = day, .terms = Dividend()});
    clock.Advance(begins + std::chrono::seconds(1) - clock.Now());
  }
  // Everything that the database can be asked whether it adds up.
  void CheckBooks() {
    CHECK(database.Execute(
              "select count(*) from trade_engine.accounts a join ("
              "select session, user_id, "
              "sum(case 'cash' when to_book then amount when from_book then -amount else 0 end) as cash, "
              "sum(case 'margin' when to_book then amount when from_book then -amount else 0 end) as margin, "
              "sum(case when from_book in ('pnl', 'fees', 'dividends') then amount "
              "when to_book in ('pnl', 'fees', 'dividends') then -amount else 0 end) as realized "
              "from trade_engine.transfers group by session, user_id) t using (session, user_id) "
              "join (select session, user_id, sum(coalesce(pnl, income)) as earned from trade_engine.trades "
              "group by session, user_id) e using (session, user_id) "
              "where a.available <> t.cash or a.utilized <> t.margin or a.realized_pnl <> t.realized "
              "or a.realized_pnl <> e.earned") == "0");
    CHECK(database.Execute("select count(*) from trade_engine.accounts a where last_seq <> "
                           "(select count(*) from trade_engine.events e where e.user_id = a.user_id)") == "0");
  }

  FakeClock& clock;
  papertape::testing::TestDatabase database;
  papertape::testing::TestRedis redis_database;
  std::unique_ptr<pg::Pool> pool = database.Migrated("trade_engine", trade_engine_store::Migrations());
  redis::Client redis{{.url = redis_database.url()}};
  PgArchive archive{*pool};
  PgActionArchive adjustments{*pool};
  std::unique_ptr<Life> life;
};

}  // namespace papertape::trade_engine::testing

// From a provider's answer to the user's trade: market_data asks a fake Polygon, tells events.market, and the engine
// applies it when the ex-date begins.
#include "migrations/market_data_store.h"
#include "papertape/trade_engine/v1/events.pb.h"
#include "services/market_data/clients/polygon_provider.h"
#include "services/market_data/domain/action_keeper.h"
#include "services/market_data/rpc/market_events.h"
#include "services/market_data/store/pg_action_store.h"
#include "tests/integration/corporate_actions/engine_world.h"
#include "tests/integration/market_data/providers/provider_world.h"

namespace papertape {
namespace {

using papertape::testing::Eventually;
using papertape::testing::IsOk;
using trade_engine::Side;
using trade_engine::Trade;
using trade_engine::testing::EngineWorld;

// The clock starts with 2026. AAPL splits on the hundredth weekday of this tape, and pays on every 63rd, as IBM does.
struct Suite {
  testing::Tape tape = testing::MakeTape(market::Day("2025-10-01"), market::Day("2026-06-30"));
  testing::FakePolygon polygon{tape};
  market::ProviderWorld provider{polygon, "polygon"};
  market::PolygonProvider adapter{*provider.client, testing::kFakeKey};
  market::ProviderChain chain{{&adapter}, provider.clock};
  EngineWorld engine{provider.clock};
  std::unique_ptr<pg::Pool> pool = engine.database.Migrated("market_data", market_data_store::Migrations());
  IdSource ids{provider.clock, SystemRandom()};
  market::PgActionStore store{*pool, ids, {market::MarketEventType(), market::EncodeMarketEvent}, [] {}};
  market::ActionKeeper keeper{{.actions = store, .chain = chain, .clock = provider.clock},
                              std::chrono::seconds(30),
                              [](const market::ActionKeeper::Asked&) {}};
  events::Relay relay{*pool, engine.redis, SystemClock(), {.stream = "events.market"}};

  // What a day's round of questions brings reaches the engine.
  void AskProviders() {
    while (keeper.Step().value() == std::chrono::milliseconds(0)) {
    }
    while (relay.MoveOnce().value() > 0) {
    }
    engine.life->Listen();
  }
  [[nodiscard]] Timestamp DayOf(const std::string& symbol, bool split) {
    for (const market::CorporateAction& action : tape.listings.at(symbol).actions) {
      const bool is_split = std::holds_alternative<market::Split>(action.what);
      if (is_split == split && action.ex_date > provider.clock.Now()) return action.ex_date;
    }
    return {};
  }
  market::CorporateAction& NextDividend(const std::string& symbol) {
    for (market::CorporateAction& action : tape.listings.at(symbol).actions) {
      if (std::holds_alternative<market::Dividend>(action.what) && action.ex_date > provider.clock.Now()) return action;
    }
    throw std::logic_error("no dividend is to come");
  }
  std::string Told() { return engine.database.Execute("select count(*) from market_data.outbox"); }
};

TEST_CASE("what a provider announces reaches the open trade on its day, in New York's time") {
  Suite suite;
  const Trade bought = suite.engine.life->Open("AAPL", Side::kBuy, 10, 600);
  const Trade sold = suite.engine.life->Open("IBM", Side::kSell, 5, 230);
  suite.AskProviders();
  // The split, two dividends to come, and two of three days ago.
  CHECK(suite.Told() == "5");

  const Timestamp split_day = suite.DayOf("AAPL", true), pay_day = suite.DayOf("AAPL", false);
  REQUIRE(split_day < pay_day);
  suite.engine.AdvanceTo(split_day - std::chrono::days(1));
  CHECK(suite.engine.Stored(bought).quantity == Quantity::FromUnits(10));
  suite.engine.AdvanceTo(split_day);
  REQUIRE(Eventually([&] { return suite.engine.Stored(bought).quantity == Quantity::FromUnits(40); }));
  CHECK(suite.engine.Stored(bought).entry_price == Price::FromUnits(150));
  suite.engine.AdvanceTo(pay_day);
  REQUIRE(Eventually([&] { return suite.engine.AdjustmentsOf(sold).size() == 1; }));
  CHECK(suite.engine.Stored(bought).income == Money::FromMicros(40 * 260'000));
  CHECK(suite.engine.Stored(sold).income == Money::FromMicros(-5 * 1'680'000));

  const Trade closed = suite.engine.life->Close(bought, 151);
  CHECK(closed.pnl == Money::FromMicros(40 * 1'260'000));
  const auto receipt = suite.engine.ReceiptOf(bought);
  CHECK(receipt.agrees);
  REQUIRE(receipt.adjustments.size() == 2);
  CHECK_THAT(receipt.adjustments[0].explanation,
             Catch::Contains("AAPL split 4 for 1. 10 shares entered at 600 became"));
  CHECK_THAT(receipt.adjustments[1].explanation, Catch::Contains("AAPL paid 0.26 a share: 10.4 credited"));
  suite.engine.CheckBooks();
}

TEST_CASE("the same answers day after day, relayed twice and heard by engines that die, change nothing more") {
  Suite suite;
  const Trade bought = suite.engine.life->Open("AAPL", Side::kBuy, 10, 600);
  suite.AskProviders();
  suite.engine.Restart();
  suite.engine.AdvanceTo(suite.DayOf("AAPL", true));
  REQUIRE(Eventually([&] { return suite.engine.AdjustmentsOf(bought).size() == 1; }));
  for (int day = 0; day < 3; ++day) {
    suite.provider.clock.Advance(std::chrono::hours(24));
    suite.AskProviders();
    // Redis has lost the group, and with it what was read: all of the stream comes again.
    REQUIRE_THAT(suite.engine.redis.Run({"XGROUP", "DESTROY", "events.market", "trade_engine"}).status(), IsOk());
    suite.engine.life->Listen();
    suite.engine.Restart();
    suite.engine.life->Open("IBM", Side::kBuy, 1, 230);
  }
  CHECK(suite.Told() == "5");
  CHECK(suite.engine.AdjustmentsOf(bought).size() == 1);
  CHECK(suite.engine.Stored(bought).quantity == Quantity::FromUnits(40));
  suite.engine.CheckBooks();
}

TEST_CASE("a correction before the day counts, one that comes after it is told and not applied") {
  Suite suite;
  const Trade trade = suite.engine.life->Open("IBM", Side::kBuy, 10, 230);
  suite.AskProviders();
  market::CorporateAction& dividend = suite.NextDividend("IBM");
  dividend.what = market::Dividend{Price::FromUnits(2)};
  suite.engine.AdvanceTo(dividend.ex_date - std::chrono::days(2));
  suite.AskProviders();
  suite.engine.AdvanceTo(dividend.ex_date);
  REQUIRE(Eventually([&] { return suite.engine.AdjustmentsOf(trade).size() == 1; }));
  CHECK(suite.engine.Stored(trade).income == Money::FromUnits(20));
  CHECK_FALSE(suite.engine.AdjustmentsOf(trade)[0].corrected);

  dividend.what = market::Dividend{Price::FromUnits(3)};
  suite.provider.clock.Advance(std::chrono::hours(24));
  suite.AskProviders();
  suite.engine.Restart();
  suite.engine.life->Open("AAPL", Side::kBuy, 1, 150);
  CHECK(suite.engine.Stored(trade).income == Money::FromUnits(20));
  CHECK(suite.engine.AdjustmentsOf(trade)[0].corrected);
  CHECK_THAT(suite.engine.ReceiptOf(trade).adjustments[0].explanation, Catch::Contains("told otherwise afterwards"));
  CHECK(suite.engine.ReceiptOf(trade).agrees);
  suite.engine.CheckBooks();
}

TEST_CASE("an announcement that its provider takes back does not happen") {
  Suite suite;
  const Trade trade = suite.engine.life->Open("IBM", Side::kBuy, 10, 230);
  suite.AskProviders();
  const Timestamp day = suite.NextDividend("IBM").ex_date;
  std::erase_if(suite.tape.listings.at("IBM").actions, [&](const auto& action) { return action.ex_date == day; });
  suite.provider.clock.Advance(std::chrono::hours(24));
  suite.AskProviders();
  suite.engine.AdvanceTo(day);
  suite.engine.life->Open("IBM", Side::kBuy, 1, 230);
  CHECK(suite.engine.AdjustmentsOf(trade).empty());
  CHECK(suite.engine.Stored(trade).income == Money());
  // One of the past that is no longer told stays: bars are read with it.
  CHECK(suite.engine.database.Execute("select count(*) from market_data.corporate_actions where symbol = 'IBM' "
                                      "and not withdrawn") == "1");
}

TEST_CASE("the events that users are told by carry what happened") {
  Suite suite;
  const Trade trade = suite.engine.life->Open("AAPL", Side::kBuy, 10, 600);
  suite.AskProviders();
  suite.engine.AdvanceTo(suite.DayOf("AAPL", true));
  REQUIRE(Eventually([&] { return suite.engine.AdjustmentsOf(trade).size() == 1; }));
  trade_engine::v1::TradingEvent event;
  REQUIRE_THAT(suite.engine.pool->Read([&](pg::Transaction& transaction) {
    const pg::Rows rows = transaction.Exec("select payload from events order by position desc limit 1");
    REQUIRE(event.ParseFromString(rows.Bytes(0, 0)));
    return absl::OkStatus();
  }),
               IsOk());
  CHECK(event.kind() == trade_engine::v1::TradingEvent::KIND_SPLIT_APPLIED);
  CHECK(event.account_seq() == 3);
  CHECK(event.trade().quantity().micros() == 40'000'000);
  CHECK(event.adjustment().kind() == trade_engine::v1::Adjustment::KIND_SPLIT);
  CHECK(event.adjustment().quantity_before().micros() == 10'000'000);
  CHECK_FALSE(event.adjustment().late());
}

}  // namespace
}  // namespace papertape

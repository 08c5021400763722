// The rpcs on a real gate, engine and database; only the market is played.
#include "services/trade_engine/rpc/trade_service.h"

#include "libs/rpc/proto_types.h"
#include "migrations/trade_engine_store.h"
#include "services/trade_engine/rpc/account_service.h"
#include "services/trade_engine/rpc/event_messages.h"
#include "services/trade_engine/rpc/journal_messages.h"
#include "services/trade_engine/store/pg_action_archive.h"
#include "services/trade_engine/store/pg_archive.h"
#include "services/trade_engine/store/pg_journal.h"
#include "services/trade_engine/store/pg_trading_journal.h"
#include "services/trade_engine/store/pg_watch_store.h"
#include "tests/support/eventually.h"
#include "tests/support/matchers.h"
#include "tests/support/rpc_server.h"
#include "tests/support/test_database.h"

namespace papertape::trade_engine {
namespace {

using papertape::testing::CallWith;
using papertape::testing::Eventually;
using papertape::testing::HasReason;
using papertape::testing::IsOk;
using papertape::testing::NamesField;

// Knows AAPL at 100 and ^NSEI at 25000; is away when told so.
class PlayedMarket : public QuoteSource {
 public:
  absl::StatusOr<Quote> Ask(const std::string& symbol, Instant) override {
    if (away) return Error(Reason::kUNAVAILABLE);
    if (symbol != "AAPL" && symbol != "^NSEI") return Error(Reason::kUNKNOWN_SYMBOL);
    return Quote{.symbol = symbol,
                 .last = Price::FromUnits(symbol == "AAPL" ? 100 : 25'000),
                 .time = SystemClock().Now(),
                 .source = "simulator"};
  }
  std::atomic<bool> away = false;
};

class TradeEngineUnderTest {
 public:
  TradeEngineUnderTest() {
    engine_.Start();
    REQUIRE(Eventually([this] { return engine_.Ready().ok(); }));
    server_.Start({&accounts_service_, &trades_service_});
    accounts = v1::AccountService::NewStub(server_.channel());
    trades = v1::TradeService::NewStub(server_.channel());
  }
  ~TradeEngineUnderTest() {
    server_.Stop();
    engine_.Stop();
  }

  [[nodiscard]] std::string Token(std::int64_t user_id) const { return server_.TokenFor(user_id); }
  void Tick(std::int64_t units) {
    engine_.Feed(
        {.epoch = engine_.tick_cursor().epoch,
         .position = {.entry = std::to_string(++ticks_) + "-0"},
         .quotes = {
             {.symbol = "AAPL", .last = Price::FromUnits(units), .time = SystemClock().Now(), .source = "simulator"}}});
  }
  absl::Status Create(std::int64_t user_id, const v1::CreateTradeRequest& request, v1::CreateTradeReply& reply,
                      const std::string& key = "") {
    return CallWith(Token(user_id), [&](grpc::ClientContext& context) {
      if (!key.empty()) context.AddMetadata("idempotency-key", key);
      return trades->CreateTrade(&context, request, &reply);
    });
  }
  absl::Status Exit(std::int64_t user_id, const std::string& trade_id, v1::ExitTradeReply& reply) {
    v1::ExitTradeRequest request;
    request.set_trade_id(trade_id);
    return CallWith(Token(user_id),
                    [&](grpc::ClientContext& context) { return trades->ExitTrade(&context, request, &reply); });
  }
  v1::Trade Read(std::int64_t user_id, const std::string& trade_id) {
    v1::GetTradeRequest request;
    request.set_trade_id(trade_id);
    v1::Trade trade;
    REQUIRE_THAT(CallWith(Token(user_id),
                          [&](grpc::ClientContext& context) { return trades->GetTrade(&context, request, &trade); }),
                 IsOk());
    return trade;
  }

  PlayedMarket market;
  std::unique_ptr<v1::AccountService::Stub> accounts;
  std::unique_ptr<v1::TradeService::Stub> trades;

 private:
  const papertape::testing::TestDatabase database_;
  const std::unique_ptr<pg::Pool> pool_ = database_.Migrated("trade_engine", trade_engine_store::Migrations());
  PgJournal journal_{*pool_, {EventType(), EncodeEvent}};
  PgArchive archive_{*pool_};
  PgActionArchive actions_{*pool_};
  PgTradingJournal journal_book_{*pool_};
  IdSource ids_{SystemClock(), SystemRandom()};
  PgWatchStore watch_store_{*pool_, ids_, {AlertType(), EncodeAlert}};
  JournalWatch watch_{{}, watch_store_, SystemClock(), {}};
  CommittedView view_;
  Engine engine_{Engine::Options(),
                 BookOptions(),
                 journal_,
                 ids_,
                 view_,
                 SystemClock(),
                 Engine::Hooks{.after_commit = [] {}, .superseded = [] {}}};
  papertape::testing::RpcServer server_;
  QuoteDesk desk_{view_, market, SystemClock(), std::chrono::milliseconds(2'500),
                  [this](std::function<void()> task) { return server_.gate().Submit(std::move(task)); }};
  AccountService accounts_service_{server_.gate(), engine_, view_};
  TradeService trades_service_{server_.gate(), {engine_, view_, archive_, actions_, desk_, journal_book_, watch_}};
  int ticks_ = 0;
};

v1::CreateTradeRequest Buy(std::int64_t units) {
  v1::CreateTradeRequest request;
  request.set_symbol("AAPL");
  request.set_trade_type(v1::TRADE_TYPE_BUY);
  rpc::Encode(Quantity::FromUnits(units), request.mutable_quantity());
  return request;
}

TEST_CASE("a trade is opened at the live price, read, and closed by its stop") {
  TradeEngineUnderTest engine;
  auto request = Buy(10);
  rpc::Encode(Price::FromUnits(95), request.mutable_stop_loss());
  v1::CreateTradeReply opened;
  REQUIRE_THAT(engine.Create(1, request, opened), IsOk());
  CHECK(opened.status() == v1::TRADE_STATUS_ACTIVE);
  CHECK(opened.entry_price().micros() == 100'000'000);
  CHECK(opened.margin_used().micros() == 200'000'000);
  CHECK(opened.remaining_margin().micros() == 99'800'000'000);
  CHECK(opened.fee_model() == "none");
  CHECK(opened.quote_source() == "simulator");
  CHECK_FALSE(opened.has_target_price());

  engine.Tick(98);
  REQUIRE(Eventually([&] { return engine.Read(1, opened.trade_id()).current_price().micros() == 98'000'000; }));
  CHECK(engine.Read(1, opened.trade_id()).unrealized_pnl().micros() == -20'000'000);

  engine.Tick(94);
  REQUIRE(Eventually([&] { return engine.Read(1, opened.trade_id()).status() == v1::TRADE_STATUS_STOP_LOSS_HIT; }));
  const v1::Trade closed = engine.Read(1, opened.trade_id());
  CHECK(closed.exit_price().micros() == 94'000'000);
  CHECK(closed.pnl().micros() == -60'000'000);
  CHECK(closed.exit_reason() == "stop_loss");

  v1::ExitTradeReply reply;
  CHECK_THAT(engine.Exit(1, opened.trade_id(), reply), HasReason(Reason::kTRADE_CLOSED));
  CHECK_THAT(engine.Exit(2, opened.trade_id(), reply), HasReason(Reason::kTRADE_NOT_FOUND));
  CHECK_THAT(engine.Exit(1, "nonsense", reply), HasReason(Reason::kTRADE_NOT_FOUND));
}

TEST_CASE("every wrong field is named and nothing changes") {
  TradeEngineUnderTest engine;
  v1::CreateTradeRequest request;
  rpc::Encode(Quantity::FromMicros(-1), request.mutable_quantity());
  rpc::Encode(Price(), request.mutable_stop_loss());
  v1::CreateTradeReply reply;
  const absl::Status status = engine.Create(1, request, reply);
  CHECK_THAT(status, HasReason(Reason::kINVALID_ARGUMENT));
  for (const char* field : {"symbol", "trade_type", "quantity", "stop_loss"}) CHECK_THAT(status, NamesField(field));

  auto unknown = Buy(1);
  unknown.set_symbol("NOPE");
  CHECK_THAT(engine.Create(1, unknown, reply), HasReason(Reason::kUNKNOWN_SYMBOL));
  const absl::Status poor = engine.Create(1, Buy(1'000'000), reply);
  CHECK_THAT(poor, HasReason(Reason::kINSUFFICIENT_MARGIN));
  CHECK(DetailsOf(poor).metadata.at("available_margin") == "100000");
  CHECK(DetailsOf(poor).metadata.at("required_margin") == "20000000");

  v1::GetPortfolioRequest whose;
  whose.set_user_id("me");
  v1::Portfolio portfolio;
  CHECK_THAT(CallWith(engine.Token(1),
                      [&](grpc::ClientContext& context) {
                        return engine.accounts->GetPortfolio(&context, whose, &portfolio);
                      }),
             HasReason(Reason::kPORTFOLIO_NOT_FOUND));
}

TEST_CASE("a repeated request with its key is one trade") {
  TradeEngineUnderTest engine;
  v1::CreateTradeReply first, again, other;
  REQUIRE_THAT(engine.Create(1, Buy(1), first, "k"), IsOk());
  REQUIRE_THAT(engine.Create(1, Buy(1), again, "k"), IsOk());
  CHECK(first.SerializeAsString() == again.SerializeAsString());
  CHECK_THAT(engine.Create(1, Buy(2), other, "k"), HasReason(Reason::kIDEMPOTENCY_CONFLICT));
  REQUIRE_THAT(engine.Create(2, Buy(1), other, "k"), IsOk());
  CHECK(other.trade_id() != first.trade_id());
}

TEST_CASE("an account is opened once, and belongs to its owner") {
  TradeEngineUnderTest engine;
  v1::CreatePortfolioRequest request;
  rpc::Encode(Money::FromUnits(500), request.mutable_initial_margin());
  const auto create = [&](v1::Portfolio& portfolio, grpc::ClientContext& context) {
    papertape::testing::Prepare(context, engine.Token(1));
    return engine.accounts->CreatePortfolio(&context, request, &portfolio);
  };
  v1::Portfolio first, second;
  grpc::ClientContext one, two;
  REQUIRE(create(first, one).ok());
  REQUIRE(create(second, two).ok());
  CHECK(first.available_margin().micros() == 500'000'000);
  CHECK(first.portfolio_id() == second.portfolio_id());
  CHECK_FALSE(one.GetServerInitialMetadata().contains("x-http-status"));
  CHECK(two.GetServerInitialMetadata().find("x-http-status")->second == "200");

  v1::GetPortfolioRequest whose;
  whose.set_user_id("1");
  v1::Portfolio portfolio;
  const auto read = [&](const std::string& token) {
    return CallWith(token, [&](grpc::ClientContext& context) {
      return engine.accounts->GetPortfolio(&context, whose, &portfolio);
    });
  };
  CHECK_THAT(read(engine.Token(1)), IsOk());
  CHECK_THAT(read(engine.Token(2)), HasReason(Reason::kPERMISSION_DENIED));
  CHECK_THAT(read(""), HasReason(Reason::kUNAUTHENTICATED));
  rpc::Encode(Money::FromMicros(1), request.mutable_initial_margin());
  grpc::ClientContext three;
  CHECK_THAT(rpc::FromGrpc(create(portfolio, three)), NamesField("initial_margin"));
}

TEST_CASE("a stop is moved and a target taken away, durably, and the new stop fires") {
  TradeEngineUnderTest engine;
  auto request = Buy(10);
  rpc::Encode(Price::FromUnits(95), request.mutable_stop_loss());
  rpc::Encode(Price::FromUnits(110), request.mutable_target_price());
  v1::CreateTradeReply opened;
  REQUIRE_THAT(engine.Create(1, request, opened), IsOk());

  v1::Trade trade;
  const auto change = [&](const v1::ChangeTradeRequest& what, std::int64_t user_id = 1) {
    return CallWith(engine.Token(user_id),
                    [&](grpc::ClientContext& context) { return engine.trades->ChangeTrade(&context, what, &trade); });
  };
  v1::ChangeTradeRequest what;
  what.set_trade_id(opened.trade_id());
  CHECK_THAT(change(what), NamesField("stop_loss"));
  rpc::Encode(Price::FromUnits(-1), what.mutable_stop_loss());
  CHECK_THAT(change(what), NamesField("stop_loss"));
  rpc::Encode(Price::FromUnits(99), what.mutable_stop_loss());
  CHECK_THAT(change(what, 2), HasReason(Reason::kTRADE_NOT_FOUND));
  what.mutable_update_mask()->add_paths("target_price");  // named and not set: taken away
  REQUIRE_THAT(change(what), IsOk());
  CHECK(trade.stop_loss().micros() == 99'000'000);
  CHECK_FALSE(trade.has_target_price());
  CHECK(trade.warnings_size() == 0);
  const v1::Trade stored = engine.Read(1, opened.trade_id());
  CHECK(stored.stop_loss().micros() == 99'000'000);
  CHECK_FALSE(stored.has_target_price());
  CHECK(stored.status() == v1::TRADE_STATUS_ACTIVE);

  engine.Tick(111);  // the target is gone
  engine.Tick(98);   // above the old stop, below the new one
  REQUIRE(Eventually([&] { return engine.Read(1, opened.trade_id()).status() == v1::TRADE_STATUS_STOP_LOSS_HIT; }));
  CHECK(engine.Read(1, opened.trade_id()).exit_price().micros() == 98'000'000);
  CHECK_THAT(change(what), HasReason(Reason::kTRADE_CLOSED));
}

TEST_CASE("a stop that is moved past the price warns") {
  TradeEngineUnderTest engine;
  v1::CreateTradeReply opened;
  REQUIRE_THAT(engine.Create(1, Buy(1), opened), IsOk());
  v1::ChangeTradeRequest what;
  what.set_trade_id(opened.trade_id());
  rpc::Encode(Price::FromUnits(101), what.mutable_stop_loss());
  v1::Trade trade;
  REQUIRE_THAT(
      CallWith(engine.Token(1),
               [&](grpc::ClientContext& context) { return engine.trades->ChangeTrade(&context, what, &trade); }),
      IsOk());
  REQUIRE(trade.warnings_size() == 1);
  CHECK(trade.warnings(0) == "The stop loss is already crossed; it fires on the next tick.");
}

TEST_CASE("a receipt makes every fill again, and is its owner's alone") {
  TradeEngineUnderTest engine;
  auto request = Buy(10);
  rpc::Encode(Price::FromUnits(95), request.mutable_stop_loss());
  v1::CreateTradeReply opened;
  REQUIRE_THAT(engine.Create(1, request, opened), IsOk());
  const auto receipt_of = [&](std::int64_t user_id, v1::Receipt& receipt) {
    v1::GetReceiptRequest which;
    which.set_trade_id(opened.trade_id());
    return CallWith(engine.Token(user_id),
                    [&](grpc::ClientContext& context) { return engine.trades->GetReceipt(&context, which, &receipt); });
  };
  v1::Receipt receipt;
  REQUIRE_THAT(receipt_of(1, receipt), IsOk());
  CHECK(receipt.fills_size() == 1);
  CHECK(receipt.agrees());
  CHECK_FALSE(receipt.has_pnl());

  engine.Tick(94);
  REQUIRE(Eventually([&] { return engine.Read(1, opened.trade_id()).status() != v1::TRADE_STATUS_ACTIVE; }));
  REQUIRE_THAT(receipt_of(1, receipt), IsOk());
  REQUIRE(receipt.fills_size() == 2);
  CHECK(receipt.agrees());
  CHECK(receipt.exit_reason() == "stop_loss");
  CHECK(receipt.recomputed_pnl().micros() == -60'000'000);
  CHECK(receipt.fills(0).opens());
  CHECK(receipt.fills(0).quote_source() == "simulator");
  const v1::FillReceipt& exit = receipt.fills(1);
  CHECK(exit.trade_type() == v1::TRADE_TYPE_SELL);
  CHECK(exit.price_used() == "last");
  CHECK(exit.trigger_price().micros() == 95'000'000);
  CHECK(exit.beyond_trigger().micros() == 1'000'000);

  CHECK_THAT(receipt_of(2, receipt), HasReason(Reason::kTRADE_NOT_FOUND));
}

TEST_CASE("exit-all closes every trade or none, and performance counts them") {
  TradeEngineUnderTest engine;
  v1::CreateTradeReply opened;
  REQUIRE_THAT(engine.Create(1, Buy(10), opened), IsOk());
  auto index = Buy(1);
  index.set_symbol(".nsei");
  index.set_trade_type(v1::TRADE_TYPE_SELL);
  REQUIRE_THAT(engine.Create(1, index, opened), IsOk());
  CHECK(opened.symbol() == "^NSEI");
  engine.Tick(110);
  REQUIRE(Eventually([&] {
    v1::ListTradesRequest list;
    list.set_symbol("AAPL");
    v1::ListTradesReply page;
    (void)CallWith(engine.Token(1),
                   [&](grpc::ClientContext& context) { return engine.trades->ListTrades(&context, list, &page); });
    return page.total() == 1 && page.trades(0).current_price().micros() == 110'000'000;
  }));

  v1::ExitAllTradesRequest all;
  all.set_user_id("me");
  v1::ExitAllTradesReply exited;
  REQUIRE_THAT(
      CallWith(engine.Token(1),
               [&](grpc::ClientContext& context) { return engine.trades->ExitAllTrades(&context, all, &exited); }),
      IsOk());
  CHECK(exited.exited() == 2);
  CHECK(exited.total_pnl().micros() == 100'000'000);

  v1::GetPerformanceRequest whose;
  whose.set_user_id("1");
  v1::Performance performance;
  REQUIRE_THAT(CallWith(engine.Token(1),
                        [&](grpc::ClientContext& context) {
                          return engine.trades->GetPerformance(&context, whose, &performance);
                        }),
               IsOk());
  CHECK(performance.total_trades() == 2);
  CHECK(performance.active_trades() == 0);
  CHECK(performance.winning_trades() == 1);
  CHECK(performance.win_rate() == 50);
  CHECK(performance.margin_utilization_pct() == 0);

  v1::ListStockOrdersReply orders;
  REQUIRE_THAT(
      CallWith(engine.Token(1),
               [&](grpc::ClientContext& context) { return engine.trades->ListStockOrders(&context, {}, &orders); }),
      IsOk());
  CHECK(orders.orders_size() == 4);
}

TEST_CASE("without a fresh quote nothing is filled") {
  TradeEngineUnderTest engine;
  engine.market.away = true;
  v1::CreateTradeReply reply;
  CHECK_THAT(engine.Create(1, Buy(1), reply), HasReason(Reason::kQUOTE_STALE));
}

}  // namespace
}  // namespace papertape::trade_engine

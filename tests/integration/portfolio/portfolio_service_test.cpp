#include "services/portfolio/rpc/portfolio_service.h"

#include <map>

#include "libs/rpc/proto_types.h"
#include "papertape/market_data/v1/market_data_service.grpc.pb.h"
#include "papertape/trade_engine/v1/account_service.grpc.pb.h"
#include "papertape/trade_engine/v1/session_books_service.grpc.pb.h"
#include "papertape/trade_engine/v1/trade_service.grpc.pb.h"
#include "services/portfolio/clients/peer_books.h"
#include "tests/support/matchers.h"
#include "tests/support/rpc_server.h"

namespace papertape::portfolio {
namespace {

using testing::HasReason;
using testing::IsOk;
namespace engine = trade_engine::v1;
namespace market = market_data::v1;

constexpr std::int64_t kUser = 7;

// The engine's lists, behind a real gate: answers are the caller's alone.
class FakeTrades final : public engine::TradeService::CallbackService {
 public:
  explicit FakeTrades(rpc::Gate& gate) : gate_(gate) {}
  grpc::ServerUnaryReactor* ListTrades(grpc::CallbackServerContext* context, const engine::ListTradesRequest* request,
                                       engine::ListTradesReply* reply) override {
    return gate_.Inline(
        context, "papertape.trade_engine.v1.TradeService.ListTrades", request, reply,
        [this](const rpc::Call& call, const engine::ListTradesRequest& in, engine::ListTradesReply& out) {
          if ((in.status() == engine::TRADE_STATUS_ACTIVE) == in.has_closed_since()) {
            return Error(Reason::kINVALID_ARGUMENT);
          }
          const rpc::Page page = rpc::PageOf(in);
          const auto& mine = (in.has_closed_since() ? closed : trades)[call.caller.user_id];
          for (auto i = static_cast<std::size_t>(page.offset);
               i < mine.size() && out.trades_size() < static_cast<int>(page.size); ++i) {
            *out.add_trades() = mine[i];
          }
          rpc::EncodePage(page, static_cast<std::int64_t>(mine.size()), out);
          return absl::OkStatus();
        });
  }
  std::map<std::int64_t, std::vector<engine::Trade>> trades;
  std::map<std::int64_t, std::vector<engine::Trade>> closed;

 private:
  rpc::Gate& gate_;
};

class FakeAccounts final : public engine::AccountService::CallbackService {
 public:
  explicit FakeAccounts(rpc::Gate& gate) : gate_(gate) {}
  grpc::ServerUnaryReactor* GetPortfolio(grpc::CallbackServerContext* context,
                                         const engine::GetPortfolioRequest* request,
                                         engine::Portfolio* reply) override {
    return gate_.Inline(context, "papertape.trade_engine.v1.AccountService.GetPortfolio", request, reply,
                        [this](const rpc::Call& call, const engine::GetPortfolioRequest& in, engine::Portfolio& out) {
                          const auto found = accounts.find(call.caller.user_id);
                          if (in.user_id() != "me") return Error(Reason::kINVALID_ARGUMENT);
                          if (found == accounts.end()) return Error(Reason::kPORTFOLIO_NOT_FOUND);
                          out = found->second;
                          return absl::OkStatus();
                        });
  }
  std::map<std::int64_t, engine::Portfolio> accounts;

 private:
  rpc::Gate& gate_;
};

class FakeSessions final : public engine::SessionBooksService::CallbackService {
 public:
  explicit FakeSessions(rpc::Gate& gate) : gate_(gate) {}
  grpc::ServerUnaryReactor* GetOpenBooks(grpc::CallbackServerContext* context,
                                         const engine::GetOpenBooksRequest* request,
                                         engine::OpenBooks* reply) override {
    return gate_.Inline(context, "papertape.trade_engine.v1.SessionBooksService.GetOpenBooks", request, reply,
                        [](const rpc::Call&, const engine::GetOpenBooksRequest&, engine::OpenBooks& out) {
                          rpc::Encode(FromMicrosSinceEpoch(2'000'000), out.mutable_market_time());
                          return absl::OkStatus();
                        });
  }

 private:
  rpc::Gate& gate_;
};

class FakeMarket final : public market::MarketDataService::CallbackService {
 public:
  explicit FakeMarket(rpc::Gate& gate) : gate_(gate) {}
  grpc::ServerUnaryReactor* GetQuote(grpc::CallbackServerContext* context, const market::GetQuoteRequest* request,
                                     market::Quote* reply) override {
    return gate_.Inline(context, "papertape.market_data.v1.MarketDataService.GetQuote", request, reply,
                        [this](const rpc::Call&, const market::GetQuoteRequest& in, market::Quote& out) {
                          const auto found = prices.find(in.symbol());
                          if (found == prices.end()) return Error(Reason::kUNKNOWN_SYMBOL);
                          out.set_symbol(in.symbol());
                          rpc::Encode(found->second, out.mutable_price());
                          rpc::Encode(FromMicrosSinceEpoch(1'000'000), out.mutable_timestamp());
                          rpc::Encode(Price::FromUnits(1), out.mutable_change());
                          return absl::OkStatus();
                        });
  }
  std::map<std::string, Price> prices;

 private:
  rpc::Gate& gate_;
};

// portfolio as wiring.cpp builds it, between a fake engine and a fake market.
struct World {
  World() {
    engine_server.Start({&trades, &accounts, &sessions});
    market_server.Start({&quotes});
    peers = std::make_unique<Peers>(
        rpc::PeerOptions{
            .name = "trade_engine", .address = engine_server.address(), .secret_key = testing::RpcServer::kSecretKey},
        rpc::PeerOptions{
            .name = "market_data", .address = market_server.address(), .secret_key = testing::RpcServer::kSecretKey},
        SystemClock());
    server.Start({&service});
  }

  absl::Status ListPositions(v1::ListCurrentPositionsReply& reply, std::int64_t user_id = kUser) {
    return testing::CallWith(server.TokenFor(user_id), [&](grpc::ClientContext& context) {
      return v1::PortfolioService::NewStub(server.channel())->ListCurrentPositions(&context, {}, &reply);
    });
  }
  absl::Status GetStats(v1::Stats& reply, std::int64_t user_id = kUser) {
    return testing::CallWith(server.TokenFor(user_id), [&](grpc::ClientContext& context) {
      return v1::PortfolioService::NewStub(server.channel())->GetStats(&context, {}, &reply);
    });
  }

  testing::RpcServer engine_server;
  testing::RpcServer market_server;
  FakeTrades trades{engine_server.gate()};
  FakeAccounts accounts{engine_server.gate()};
  FakeSessions sessions{engine_server.gate()};
  FakeMarket quotes{market_server.gate()};
  std::unique_ptr<Peers> peers;
  testing::RpcServer server;
  PortfolioService service{server.gate(), [this](const rpc::Call& call) { return peers->BooksFor(call); }};
};

engine::Trade ATrade(const std::string& id, const std::string& symbol, engine::TradeType type) {
  engine::Trade trade;
  trade.set_trade_id(id);
  trade.set_user_id(kUser);
  trade.set_symbol(symbol);
  trade.set_trade_type(type);
  rpc::Encode(Quantity::FromUnits(10), trade.mutable_quantity());
  rpc::Encode(Price::FromUnits(100), trade.mutable_entry_price());
  rpc::Encode(FromMicrosSinceEpoch(-1'000'000), trade.mutable_created_at());
  return trade;
}

engine::Portfolio AnAccount() {
  engine::Portfolio account;
  rpc::Encode(Money::FromUnits(99'600), account.mutable_available_margin());
  rpc::Encode(Money::FromUnits(400), account.mutable_utilized_margin());
  rpc::Encode(Money(), account.mutable_total_pnl());
  return account;
}

TEST_CASE("positions and totals are the caller's, at live prices") {
  World world;
  world.trades.trades[kUser] = {ATrade("t2", "MSFT", engine::TRADE_TYPE_SELL),
                                ATrade("t1", "AAPL", engine::TRADE_TYPE_BUY)};
  world.accounts.accounts[kUser] = AnAccount();
  world.quotes.prices = {{"AAPL", Price::FromUnits(103)}, {"MSFT", Price::FromMicros(100'500'000)}};
  engine::Trade closed = ATrade("t0", "AAPL", engine::TRADE_TYPE_BUY);
  rpc::Encode(Money::FromUnits(50), closed.mutable_pnl());
  world.trades.closed[kUser] = {closed};

  v1::ListCurrentPositionsReply reply;
  REQUIRE_THAT(world.ListPositions(reply), IsOk());
  REQUIRE(reply.positions_size() == 2);
  const v1::Position& short_position = reply.positions(0);
  CHECK(short_position.id() == "t2");
  CHECK(short_position.user_id() == kUser);
  CHECK(short_position.quantity().micros() == -10'000'000);
  CHECK(short_position.average_price().micros() == 100'000'000);
  CHECK(short_position.current_price().micros() == 100'500'000);
  CHECK(short_position.total_value().micros() == -1'005'000'000);
  CHECK(short_position.unrealized_pnl().micros() == -5'000'000);
  CHECK(short_position.unrealized_pnl_percentage() == Approx(-0.5));
  CHECK(short_position.source() == "paper");
  CHECK_FALSE(short_position.stale());
  CHECK(short_position.timestamp().seconds() == 1);
  CHECK_FALSE(short_position.has_formula_id());

  v1::Stats stats;
  REQUIRE_THAT(world.GetStats(stats), IsOk());
  CHECK(stats.total_unrealized_pnl().micros() == 25'000'000);
  CHECK(stats.total_value().micros() == 100'025'000'000);
  CHECK(stats.cash().micros() == 99'600'000'000);
  CHECK(stats.total_return_percentage() == Approx(0.025));
  CHECK(stats.positions_count() == 2);
  // Prices rose by 1 today: 10 for the long, -10 for the short, and of the closed trade's 50 what it held above 102.
  CHECK(stats.day_pnl().micros() == 30'000'000);

  v1::ListCurrentPositionsReply foreign;
  REQUIRE_THAT(world.ListPositions(foreign, 8), IsOk());
  CHECK(foreign.positions_size() == 0);
}

TEST_CASE("all pages of the engine's list are read") {
  World world;
  for (int i = 0; i < 450; ++i) {
    world.trades.trades[kUser].push_back(ATrade("t" + std::to_string(i), "AAPL", engine::TRADE_TYPE_BUY));
  }
  world.quotes.prices = {{"AAPL", Price::FromUnits(101)}};
  v1::ListCurrentPositionsReply reply;
  REQUIRE_THAT(world.ListPositions(reply), IsOk());
  REQUIRE(reply.positions_size() == 450);
  CHECK(reply.positions(0).id() == "t0");
  CHECK(reply.positions(449).id() == "t449");
}

TEST_CASE("a user without an account has zeros and an empty list") {
  World world;
  v1::Stats stats;
  REQUIRE_THAT(world.GetStats(stats), IsOk());
  CHECK(stats.has_total_value());
  CHECK(stats.total_value().micros() == 0);
  CHECK(stats.positions_count() == 0);
  CHECK(stats.total_return_percentage() == 0);
}

TEST_CASE("a symbol without a quote falls back to the engine's price, else it is listed without a value") {
  World world;
  engine::Trade known = ATrade("t1", "OLD", engine::TRADE_TYPE_BUY);
  rpc::Encode(Price::FromUnits(90), known.mutable_current_price());
  world.trades.trades[kUser] = {known, ATrade("t2", "NONE", engine::TRADE_TYPE_BUY)};
  world.accounts.accounts[kUser] = AnAccount();
  v1::ListCurrentPositionsReply reply;
  REQUIRE_THAT(world.ListPositions(reply), IsOk());
  CHECK(reply.positions(0).stale());
  CHECK(reply.positions(0).current_price().micros() == 90'000'000);
  CHECK_FALSE(reply.positions(1).has_current_price());
  CHECK_FALSE(reply.positions(1).has_unrealized_pnl_percentage());
  v1::Stats stats;
  REQUIRE_THAT(world.GetStats(stats), IsOk());
  CHECK(stats.positions_count() == 2);
  CHECK(stats.total_unrealized_pnl().micros() == -100'000'000);
  REQUIRE(stats.unpriced_symbols_size() == 1);
  CHECK(stats.unpriced_symbols(0) == "NONE");
}

TEST_CASE("while the market is away positions are shown at the engine's prices") {
  World world;
  engine::Trade trade = ATrade("t1", "AAPL", engine::TRADE_TYPE_BUY);
  rpc::Encode(Price::FromUnits(101), trade.mutable_current_price());
  world.trades.trades[kUser] = {trade};
  world.quotes.prices = {{"AAPL", Price::FromUnits(105)}};
  world.market_server.Stop();
  v1::ListCurrentPositionsReply reply;
  REQUIRE_THAT(world.ListPositions(reply), IsOk());
  CHECK(reply.positions(0).current_price().micros() == 101'000'000);
  CHECK(reply.positions(0).stale());
}

TEST_CASE("while the engine is away the answer says when to come again, and no address") {
  World world;
  world.engine_server.Stop();
  // More often than the breaker allows: its refusal is the same to the caller.
  for (int i = 0; i < 5; ++i) {
    v1::Stats stats;
    const absl::Status status = world.GetStats(stats);
    CHECK_THAT(status, HasReason(Reason::kUNAVAILABLE));
    CHECK(DetailsOf(status).retry_after_ms >= 1'000);
    CHECK(MessageOf(status) == "The trade engine is not available; try again shortly.");
  }
}

TEST_CASE("positions are for users who are signed in") {
  World world;
  v1::Stats stats;
  for (const std::string& bearer : {std::string(), world.server.TokenFor(kUser, std::chrono::seconds(-60))}) {
    const absl::Status status = testing::CallWith(bearer, [&](grpc::ClientContext& context) {
      return v1::PortfolioService::NewStub(world.server.channel())->GetStats(&context, {}, &stats);
    });
    CHECK(absl::IsUnauthenticated(status));
  }
}

}  // namespace
}  // namespace papertape::portfolio

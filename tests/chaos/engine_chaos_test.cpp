// The trade engine and PostgreSQL are killed (SIGKILL) under load and between any two steps. Nothing that was
// acknowledged is lost, nothing is done twice, every trigger fires exactly once and on the right tick, and the ledger
// adds up. Run through tests/support/with_servers, which also restarts PostgreSQL.
#include <atomic>
#include <cstdlib>
#include <future>
#include <thread>

#include "fmt/format.h"
#include "libs/rpc/proto_types.h"
#include "libs/status/status.h"
#include "tests/chaos/audit.h"
#include "tests/chaos/engine_process.h"
#include "tests/chaos/market_feed.h"
#include "tests/chaos/trader.h"
#include "tests/support/catch.h"
#include "tests/support/eventually.h"
#include "tests/support/matchers.h"

namespace papertape::chaos {
namespace {

using namespace std::chrono_literals;
using testing::Eventually;
using testing::IsOk;

std::uint64_t Seed() {
  const char* const given = std::getenv("CHAOS_SEED");
  return given != nullptr ? std::strtoull(given, nullptr, 10) : SystemRandom()() % 1'000'000;
}

struct World {
  std::uint64_t seed = Seed();
  testing::TestDatabase database;
  testing::TestRedis redis_database;
  redis::Client redis{{.url = redis_database.url()}};
  pg::Pool pool{database.Options("trade_engine")};
  MarketFeed market{redis_database.url(), SeededRandom(seed)};
  EngineProcess engine{database, redis_database};

  // Engine and account are there, and the engine has taken ticks at 100: a fresh one begins with the newest it finds.
  Trader Begin() {
    REQUIRE(engine.Start());
    Trader trader(engine.Connect(), 1, "one");
    REQUIRE_THAT(trader.OpenAccount(), IsOk());
    REQUIRE(Eventually(60s, [&] {
      REQUIRE_THAT(market.Publish(Price::FromUnits(100)), IsOk());
      return !database.Execute("select tick_position from trade_engine.engine_state").empty();
    }));
    return trader;
  }

  [[nodiscard]] std::string Count(const std::string& what) const {
    return database.Execute("select count(*) from trade_engine." + what);
  }
  // Every committed event is on its stream.
  [[nodiscard]] bool Relayed() const {
    return Count("events where position > (select coalesce(max(position), 0) from trade_engine.outbox_relayed)") == "0";
  }
};

v1::CreateTradeRequest AnOrder(std::optional<Price> stop_loss = std::nullopt) {
  v1::CreateTradeRequest order;
  order.set_symbol("AAPL");
  order.set_trade_type(v1::TRADE_TYPE_BUY);
  rpc::Encode(Quantity::FromUnits(1), order.mutable_quantity());
  if (stop_loss) rpc::Encode(*stop_loss, order.mutable_stop_loss());
  return order;
}

// Sends the same order until it is acknowledged.
v1::CreateTradeReply OpenSurely(Trader& trader, const v1::CreateTradeRequest& order, const std::string& key) {
  absl::StatusOr<v1::CreateTradeReply> reply = absl::UnavailableError("");
  Eventually(60s, [&] { return (reply = trader.Open(order, key)).ok(); });
  REQUIRE_THAT(reply.status(), IsOk());
  return *reply;
}

// A statement in a transaction of its own that is open until this is destroyed. Holding a lock, it stops the engine's
// commits where they are.
class OpenTransaction {
 public:
  OpenTransaction(World& world, const std::string& sql)
      : thread_([this, &world, sql] {
          status_ = world.pool.Transact([&](pg::Transaction& transaction) {
            transaction.Exec(sql);
            open_.set_value();
            release_.get_future().wait();
            return absl::OkStatus();
          });
        }) {
    REQUIRE(open_.get_future().wait_for(60s) == std::future_status::ready);
  }
  ~OpenTransaction() {
    release_.set_value();
    thread_.join();
  }
  OpenTransaction(const OpenTransaction&) = delete;
  OpenTransaction& operator=(const OpenTransaction&) = delete;

 private:
  std::promise<void> open_, release_;
  absl::Status status_;
  std::thread thread_;
};

constexpr const char* kLockLedger = "lock table transfers in share mode";
// A commit of the engine waits for that lock.
constexpr const char* kBlockedCommits =
    "select count(*) from pg_locks where not granted and locktype = 'relation' and database = (select oid from "
    "pg_database where datname = current_database())";

void CheckNone(const Faults& faults) {
  for (std::size_t i = 0; i < std::min<std::size_t>(faults.size(), 10); ++i) UNSCOPED_INFO(faults[i]);
  CHECK(faults.empty());
}

}  // namespace

TEST_CASE("an engine killed between two requests has lost nothing that it acknowledged") {
  World world;
  Trader trader = world.Begin();
  const v1::CreateTradeReply first = OpenSurely(trader, AnOrder(), "first");
  world.engine.Kill();
  CHECK(ReasonOf(trader.Open(AnOrder(), "second").status()) == Reason::kUNAVAILABLE);
  REQUIRE(world.engine.Start());
  const auto found = trader.Get(first.trade_id());
  REQUIRE_THAT(found.status(), IsOk());
  CHECK(found->status() == v1::TRADE_STATUS_ACTIVE);
  REQUIRE_THAT(world.market.Publish(Price::FromUnits(101)), IsOk());
  const v1::CreateTradeReply second = OpenSurely(trader, AnOrder(), "second");
  CHECK(OpenSurely(trader, AnOrder(), "first").trade_id() == first.trade_id());
  CHECK(second.trade_id() != first.trade_id());
  CHECK(world.Count("trades") == "2");
  CheckNone(AuditLedger(world.pool));
  CheckNone(AuditBooks(world.pool));
}

TEST_CASE("an order whose engine dies before the commit is carried out once when it is sent again") {
  World world;
  Trader trader = world.Begin();
  OpenSurely(trader, AnOrder(), "first");
  {
    const OpenTransaction lock(world, kLockLedger);
    absl::Status cut_off;
    std::thread client([&] { cut_off = trader.Open(AnOrder(), "second").status(); });
    const bool blocked = Eventually(60s, [&] { return world.database.Execute(kBlockedCommits) == "1"; });
    world.engine.Kill();
    client.join();
    REQUIRE(blocked);
    CHECK(ReasonOf(cut_off) == Reason::kUNAVAILABLE);
  }
  CHECK(world.Count("trades") == "1");
  REQUIRE(world.engine.Start());
  REQUIRE_THAT(world.market.Publish(Price::FromUnits(101)), IsOk());
  OpenSurely(trader, AnOrder(), "second");
  CHECK(world.Count("trades") == "2");
  CheckNone(AuditLedger(world.pool));
  CheckNone(AuditBooks(world.pool));
}

TEST_CASE("a stop whose engine dies before the commit fires after the restart, once, at its own tick") {
  World world;
  Trader trader = world.Begin();
  const v1::CreateTradeReply opened = OpenSurely(trader, AnOrder(Price::FromUnits(95)), "stopped");
  {
    const OpenTransaction lock(world, kLockLedger);
    REQUIRE_THAT(world.market.Publish(Price::FromUnits(94)), IsOk());
    const bool blocked = Eventually(60s, [&] { return world.database.Execute(kBlockedCommits) == "1"; });
    world.engine.Kill();
    REQUIRE(blocked);
  }
  // While nobody looked the price fell on: the stop still fires at the first tick that crossed it.
  REQUIRE_THAT(world.market.Publish(Price::FromUnits(90)), IsOk());
  CHECK(ReasonOf(trader.Open(AnOrder(), "late").status()) == Reason::kUNAVAILABLE);
  REQUIRE(world.engine.Start());
  CHECK(Eventually(60s, [&] { return world.Count("trades where status = 'STOP_LOSS_HIT'") == "1"; }));
  CHECK(trader.Get(opened.trade_id())->exit_price().micros() == 94 * kMicrosPerUnit);
  REQUIRE(Eventually(60s, [&] { return world.Relayed(); }));
  CheckNone(AuditLedger(world.pool));
  CheckNone(AuditBooks(world.pool));
  CheckNone(AuditEvents(world.pool, world.redis));
  CheckNone(AuditTriggers(world.pool, world.market.Ticks()));
}

TEST_CASE("engine and PostgreSQL killed again and again under load lose nothing and repeat nothing") {
  constexpr int kTraders = 12;
  constexpr int kUsers = 5;
  constexpr int kDeaths = 6;
  constexpr int kOrdersBetweenDeaths = 200;
  World world;
  INFO("CHAOS_SEED=" << world.seed);
  REQUIRE(world.engine.Start());
  world.market.Start();

  std::vector<std::unique_ptr<Trader>> traders;
  for (int i = 0; i < kTraders; ++i) {
    traders.push_back(std::make_unique<Trader>(world.engine.Connect(), 1 + i % kUsers, fmt::format("trader{}", i)));
    REQUIRE_THAT(traders.back()->OpenAccount(), IsOk());
  }
  std::atomic<bool> stopped = false;
  std::atomic<int> orders = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < kTraders; ++i) {
    threads.emplace_back([&, i] {
      traders[static_cast<std::size_t>(i)]->TradeUntil([&] { return stopped.load(); }, world.market,
                                                       SeededRandom(world.seed + 1 + static_cast<std::uint64_t>(i)),
                                                       [&] { ++orders; });
    });
  }
  bool alive = true;
  for (int death = 0; death < kDeaths && alive; ++death) {
    const int before = orders;
    alive = Eventually(60s, [&] { return orders >= before + kOrdersBetweenDeaths; });
    if (!alive) break;
    if (death % 3 != 1) world.engine.Kill();
    if (death % 3 != 0) KillPostgres();
    if (death % 3 != 1) alive = world.engine.Start() && alive;
  }
  const int before = orders;
  alive = alive && Eventually(60s, [&] { return orders >= before + kOrdersBetweenDeaths; });
  stopped = true;
  for (std::thread& thread : threads) thread.join();
  if (!alive) FAIL("no orders went through after a death; the engine says:\n" << world.engine.Log());

  // What still waits for its stop or target gets it, and once more the engine dies in the middle.
  world.market.Stop();
  REQUIRE_THAT(world.market.Publish(Price::FromUnits(1)), IsOk());
  world.engine.Kill();
  REQUIRE_THAT(world.market.Publish(Price::FromUnits(1'000)), IsOk());
  REQUIRE(world.engine.Start());
  CHECK(
      Eventually(60s, [&] { return world.Count("trades where status = 'ACTIVE' and stop_loss is not null") == "0"; }));
  REQUIRE(Eventually(60s, [&] { return world.Relayed(); }));

  CHECK(orders > kDeaths * kOrdersBetweenDeaths);
  CHECK(world.Count("trades where status = 'STOP_LOSS_HIT'") != "0");
  CHECK(world.Count("trades where status = 'TARGET_HIT'") != "0");
  CHECK(world.Count("trades where status = 'CLOSED'") != "0");
  std::vector<const Trader*> all;
  for (const auto& trader : traders) all.push_back(trader.get());
  CheckNone(AuditAcknowledged(world.pool, all));
  CheckNone(AuditLedger(world.pool));
  CheckNone(AuditBooks(world.pool));
  CheckNone(AuditEvents(world.pool, world.redis));
  CheckNone(AuditTriggers(world.pool, world.market.Ticks()));
}

}  // namespace papertape::chaos

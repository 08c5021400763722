// The engine on PostgreSQL and Redis follows a tape into sessions of the past and back, and is interrupted on the way.
#include <future>
#include <memory>

#include "libs/rpc/proto_types.h"
#include "migrations/trade_engine_store.h"
#include "papertape/market_data/v1/tape_service.pb.h"
#include "services/trade_engine/clients/tick_reader.h"
#include "services/trade_engine/domain/engine.h"
#include "services/trade_engine/rpc/event_digest.h"
#include "services/trade_engine/rpc/event_messages.h"
#include "services/trade_engine/store/pg_event_archive.h"
#include "services/trade_engine/store/pg_journal.h"
#include "tests/support/eventually.h"
#include "tests/support/matchers.h"
#include "tests/support/test_database.h"

namespace papertape::trade_engine {
namespace {

using papertape::testing::Eventually;
using papertape::testing::IsOk;

constexpr const char* kIndex = "^GSPC";

// One life of the engine.
struct Life {
  Life(pg::Pool& pool, redis::Client& redis)
      : journal(pool, {EventType(), EncodeEvent}),
        engine(Engine::Options{.catch_up = true}, BookOptions(), journal, ids, view, SystemClock(), {[] {}, [] {}}),
        reader(redis, engine) {
    engine.Start();
    reader.Start();
  }
  ~Life() {
    reader.Stop();
    engine.Stop();
  }
  PgJournal journal;
  IdSource ids{SystemClock(), SystemRandom()};
  CommittedView view;
  Engine engine;
  TickReader reader;
};

class World {
 public:
  World() {
    Restart();
    // A fresh engine begins with the newest entry that it finds.
    REQUIRE(Eventually([this] {
      Live(1'000);
      return life_->view.FindQuote(kIndex).has_value();
    }));
  }

  // What was not committed is gone, as after kill -9.
  void Die() { life_.reset(); }
  void Restart() { life_ = std::make_unique<Life>(*pool_, redis_); }

  void Live(std::int64_t units) { Publish(units, SystemClock().Now(), 0); }
  void Replay(std::int64_t session, int second, std::int64_t units) {
    Publish(units, October() + std::chrono::seconds(second), session);
  }
  static Timestamp October() { return *ParseRfc3339("2008-10-01T13:30:00Z"); }

  // The engine has applied this price of that session, and takes commands.
  void Await(std::int64_t session, std::int64_t units) {
    REQUIRE(Eventually([&] {
      const auto quote = life_->view.FindQuote(kIndex);
      return life_->view.session() == session && quote && quote->last == Price::FromUnits(units) &&
             life_->engine.Ready().ok();
    }));
  }
  Trade Buy(std::int64_t user_id, std::optional<Price> stop = std::nullopt) {
    std::promise<absl::StatusOr<TradeOpened>> promise;
    life_->engine.Submit<OpenTrade, TradeOpened>(
        {.user_id = user_id, .request_id = "r"},
        {.user_id = user_id, .symbol = kIndex, .quantity = Quantity::FromUnits(1), .stop_loss = stop},
        [](const TradeOpened&) { return std::string(); }, [](const std::string&) {},
        [&](absl::StatusOr<TradeOpened> result) { promise.set_value(std::move(result)); });
    const absl::StatusOr<TradeOpened> opened = promise.get_future().get();
    REQUIRE_THAT(opened.status(), IsOk());
    return opened->trade;
  }
  [[nodiscard]] std::string Select(const std::string& sql) const {
    return database_.Execute("set search_path to trade_engine; " + sql);
  }
  [[nodiscard]] bool IsActive(const Trade& trade) const {
    return Select("select status from trades where trade_id = '" + trade.trade_id + "'") == "ACTIVE";
  }
  std::string DigestOf(std::int64_t session) {
    EventDigest digest;
    v1::TradingEvent event;
    const absl::Status read = PgEventArchive(*pool_).ForEach(session, [&](const StoredEvent& stored) {
      REQUIRE(event.ParseFromString(stored.payload));
      digest.Add(stored.user_id, stored.time, event);
      return absl::OkStatus();
    });
    REQUIRE_THAT(read, IsOk());
    return std::to_string(digest.events()) + " " + digest.Finish();
  }

 private:
  void Publish(std::int64_t units, Timestamp time, std::int64_t session) {
    market_data::v1::TickBatch batch;
    batch.add_symbols(kIndex);
    batch.add_sources(session == 0 ? "simulator" : "replay");
    batch.add_subject_sources(0);
    batch.add_previous_close_micros(0);
    batch.add_subjects(0);
    batch.add_price_micros(Price::FromUnits(units).micros());
    batch.add_time_steps_micros(MicrosSinceEpoch(time));
    batch.set_session(session);
    if (session != 0) batch.set_clock_micros(MicrosSinceEpoch(time));
    REQUIRE_THAT(redis_.Run({"XADD", "ticks", "*", "tape", batch.SerializeAsString()}).status(), IsOk());
  }

  const papertape::testing::TestDatabase database_;
  const papertape::testing::TestRedis redis_database_;
  const std::unique_ptr<pg::Pool> pool_ = database_.Migrated("trade_engine", trade_engine_store::Migrations());
  redis::Client redis_{{.url = redis_database_.url(), .connections = 2}};
  std::unique_ptr<Life> life_;
};

// Where the engine dies in a replay; it is started again after the price that follows.
enum class Death { kNever, kBeforeTheTurn, kAfterAnOrder, kAsTheStopFires, kAfterTheStop };

// The same requests on the same tape.
void PlayOctober(World& world, std::int64_t session, Death death) {
  const auto after = [&](Death here, int second, std::int64_t units) {
    if (death == here) world.Die();
    world.Replay(session, second, units);
    if (death == here) world.Restart();
    world.Await(session, units);
  };
  after(Death::kBeforeTheTurn, 0, 1'164);
  const Trade stopped = world.Buy(1, Price::FromUnits(1'100));
  world.Buy(2);
  after(Death::kAfterAnOrder, 1, 1'120);
  after(Death::kAsTheStopFires, 2, 1'099);
  REQUIRE(Eventually([&] { return !world.IsActive(stopped); }));
  after(Death::kAfterTheStop, 3, 1'050);
  world.Buy(1);
}

TEST_CASE("a replay leaves the live books alone, and live stops fire at live prices only") {
  World world;
  const Trade live = world.Buy(1, Price::FromUnits(1'090));  // the replay goes through it, the live market is below
  const Trade sleeping = world.Buy(1, Price::FromUnits(900));
  world.Live(1'000);
  REQUIRE(Eventually([&] { return !world.IsActive(live); }));
  const std::string before = world.Select("select row_to_json(a) from accounts a where session = 0");

  PlayOctober(world, 1, Death::kNever);
  world.Replay(1, 4, 850);
  world.Await(1, 850);
  CHECK(world.IsActive(sleeping));
  CHECK(world.Select("select row_to_json(a) from accounts a where session = 0") == before);
  CHECK(world.Select("select count(*) from accounts where session = 1") == "2");
  CHECK(world.Select("select min(created_at) = '2008-10-01 13:30:00Z' and max(closed_at) = '2008-10-01 13:30:02Z' "
                     "from trades where session = 1") == "t");
  CHECK(world.Select("select exit_price from trades where session = 1 and status = 'STOP_LOSS_HIT'") == "1099.000000");

  world.Live(950);
  world.Await(0, 950);
  CHECK(world.IsActive(sleeping));
  world.Live(899);
  REQUIRE(Eventually([&] { return !world.IsActive(sleeping); }));
  CHECK(world.Select("select exit_price from trades where trade_id = '" + sleeping.trade_id + "'") == "899.000000");
  CHECK(world.Select("select count(*) from trades where session = 1 and status = 'ACTIVE'") == "2");
}

TEST_CASE("the same requests on the same tape give the same events, wherever the engine dies on the way") {
  World world;
  std::int64_t session = 0;
  std::string first;
  for (const Death death : {Death::kNever, Death::kBeforeTheTurn, Death::kAfterAnOrder, Death::kAsTheStopFires,
                            Death::kAfterTheStop, Death::kNever}) {
    CAPTURE(static_cast<int>(death));
    PlayOctober(world, ++session, death);
    const std::string digest = world.DigestOf(session);
    CHECK(digest.starts_with("6 "));  // two accounts, three trades, one stop
    if (first.empty()) first = digest;
    CHECK(digest == first);
    world.Live(1'000);
    world.Await(0, 1'000);
  }
}

}  // namespace
}  // namespace papertape::trade_engine

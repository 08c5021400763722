#include "services/market_data/wiring.h"

#include <prometheus/counter.h>

#include "libs/clock/market_clock.h"
#include "libs/events/events.h"
#include "libs/ids/ids.h"
#include "libs/pg/migrator.h"
#include "libs/pg/pool.h"
#include "libs/redis/redis.h"
#include "libs/rpc/metrics.h"
#include "libs/status/status.h"
#include "migrations/market_data_store.h"
#include "services/market_data/config.h"
#include "services/market_data/domain/adjusted_bars.h"
#include "services/market_data/domain/derived_bars.h"
#include "services/market_data/domain/feature_history.h"
#include "services/market_data/domain/known_bars.h"
#include "services/market_data/domain/price_history.h"
#include "services/market_data/domain/quote_book.h"
#include "services/market_data/ingestion_wiring.h"
#include "services/market_data/live_wiring.h"
#include "services/market_data/opening.h"
#include "services/market_data/providers_wiring.h"
#include "services/market_data/rpc/calendar_service.h"
#include "services/market_data/rpc/indicator_service.h"
#include "services/market_data/rpc/market_data_service.h"
#include "services/market_data/rpc/market_events.h"
#include "services/market_data/rpc/quote_streams.h"
#include "services/market_data/rpc/tick_columns.h"
#include "services/market_data/session_wiring.h"
#include "services/market_data/store/pg_action_store.h"
#include "services/market_data/store/pg_bar_store.h"
#include "services/market_data/store/pg_instrument_store.h"
#include "services/market_data/store/pg_quarantine.h"
#include "services/market_data/store/redis_tick_publisher.h"
#include "services/market_data/tape_wiring.h"

namespace papertape::market {
namespace {

// A hanging Redis holds up the next quotes for no longer than this.
constexpr std::chrono::milliseconds kPublishTimeout{500};

RedisTickPublisher::Options PublisherOptions(const Config& config) {
  RedisTickPublisher::Options options;
  options.owner = RandomHex(SystemRandom(), 8);
  options.lease = std::max(options.lease, 4 * config.simulator.interval);
  options.entries_kept = config.ticks_kept;
  return options;
}

RedisTickPublisher::Serialize AsColumns() {
  return [columns = std::make_shared<TickColumns>()](const TapeBatch& batch) { return columns->Serialize(batch); };
}

RedisTickPublisher::Observer CountTicks(rpc::Metrics& metrics) {
  auto& published = metrics.Counter("papertape_ticks_published_total", "Quotes published to the stream `ticks`.");
  auto& dropped = metrics.Counter("papertape_ticks_dropped_total", "Quotes not published because Redis was away.");
  return [&published, &dropped](std::size_t sent, std::size_t lost) {
    published.Increment(static_cast<double>(sent));
    dropped.Increment(static_cast<double>(lost));
  };
}

// Under the providers, simulated prices that take the announced splits.
AddProviders WithSplits(const AnnouncedSplits& splits, AddProviders add) {
  return [&splits, add = std::move(add)](std::unique_ptr<QuoteSource> embedded, const auto& instruments) {
    return add(std::make_unique<SplitQuotes>(std::move(embedded), splits), instruments);
  };
}

void AddReadiness(service::Host& host, pg::Pool& pool, redis::Client& redis, const QuoteBook& book, const Live& live) {
  host.AddReadiness("database", [&pool] { return pool.Ping(); });
  host.AddReadiness("redis", [&redis] { return redis.Ping(); });
  // Where providers tell the prices, a night without trading is no reason not to serve; nor is a session of the past,
  // which begins before its first price.
  host.AddReadiness("quotes", [&book, real = live.any_provider] {
    return real || book.moment().session != 0 || book.AnyFresh() ? absl::OkStatus() : Error(Reason::kQUOTE_STALE);
  });
}

// Of a schema that is migrated before anything else starts.
pg::Pool& WirePool(service::Host& host, const pg::PoolOptions& database) {
  const pg::MigrationPlan plan{database.dsn, database.schema, market_data_store::Migrations()};
  host.AddPart(
      "migrations", [plan] { return pg::MigrateUp(plan).status(); }, [] {});
  return host.Own<pg::Pool>(database);
}

// Splits and dividends, and the relay that tells the suite of them.
PgActionStore& WireActionStore(service::Host& host, pg::Pool& pool, redis::Client& redis) {
  auto& ids = host.Own<IdSource>(host.clock(), SystemRandom());
  auto& relay = host.Own<events::Relay>(pool, redis, host.clock(), events::Relay::Options{.stream = "events.market"});
  host.AddThread("relay", relay);
  return host.Own<PgActionStore>(pool, ids, PgActionStore::Codec{MarketEventType(), EncodeMarketEvent},
                                 [&relay] { relay.Notify(); });
}

}  // namespace

absl::Status Wire(service::Host& host) {
  const Config config = ReadConfig(host.settings());
  const LiveConfig live_config = ReadLiveConfig(host.settings());
  const Clock& clock = host.clock();

  pg::Pool& pool = WirePool(host, config.database);
  auto& redis = host.Own<redis::Client>(
      redis::ClientOptions{.url = config.redis_url, .connections = 2, .timeout = kPublishTimeout});
  auto& instruments = host.Own<PgInstrumentStore>(pool);
  auto& recorded = host.Own<PgBarStore>(pool);
  auto& bars = host.Own<DerivedBars>(recorded);
  auto& publisher =
      host.Own<RedisTickPublisher>(redis, PublisherOptions(config), AsColumns(), CountTicks(host.metrics()), clock);

  // Turned by the tape. Whatever says what time it is on the market asks this one.
  auto& market = host.Own<MarketClock>(clock);
  auto& market_tape = host.Own<MarketTape>(clock);
  auto& book = host.Own<QuoteBook>(config.quote_fresh, market);
  PgActionStore& actions = WireActionStore(host, pool, redis);
  auto& adjusted = host.Own<AdjustedBars>(bars, actions, market);
  auto& known = host.Own<KnownBars>(adjusted, book);
  auto& history = host.Own<PriceHistory>(known, book);
  auto& features = host.Own<FeatureHistory>(known, book);
  auto& streams = host.Own<QuoteStreams>(book);

  const Providers providers = WireProviders(host, config.market_files);
  WireIngestion(host, pool, instruments, recorded, actions, providers.chain);
  auto& splits = host.Own<AnnouncedSplits>();
  WireActions(host, actions, providers.chain, splits);
  host.AddPart(
      "tick lease", [] { return absl::OkStatus(); }, [&publisher] { publisher.Release(); });
  const Live live = WireLive(host, live_config, providers, host.Own<PgQuarantine>(pool));
  const Tape tape = WireTape(host, bars, publisher);
  MarketSessions& sessions = WireSessions(host, pool, actions, market_tape, publisher, config.quote_fresh);
  auto& opening = host.Own<Opening>(config,
                                    Opening::Ports{.instruments = instruments,
                                                   .bars = bars,
                                                   .book = book,
                                                   .publisher = tape.everyone,
                                                   .clock = clock,
                                                   .tape = market_tape,
                                                   .market = market,
                                                   .add_providers = WithSplits(splits, live.add_providers),
                                                   .resume = [&sessions] { return sessions.Follow(); },
                                                   .admit =
                                                       [&tape_bars = tape.bars, &known](const auto& listed) {
                                                         tape_bars.Admit(listed);
                                                         known.Admit(listed);
                                                       }},
                                    [&streams](const std::vector<Slot>& slots) { streams.Changed(slots); });
  host.AddPart(
      "market", [&opening] { return opening.Start(); }, [&opening] { opening.Stop(); });
  AddReadiness(host, pool, redis, book, live);
  host.OnDrain([&streams] { streams.HangUp(); });

  host.Serve(std::make_shared<MarketDataService>(host.gate(), book, streams, instruments, history));
  host.Serve(std::make_shared<IndicatorService>(host.gate(), features));
  host.Serve(std::make_shared<CalendarService>(host.gate(), market));
  return absl::OkStatus();
}

}  // namespace papertape::market

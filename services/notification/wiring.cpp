#include "services/notification/wiring.h"

#include "libs/events/events.h"
#include "libs/pg/migrator.h"
#include "libs/pg/pool.h"
#include "libs/redis/redis.h"
#include "migrations/notification_store.h"
#include "services/notification/clients/trading_events.h"
#include "services/notification/config.h"
#include "services/notification/rpc/feed_hub.h"
#include "services/notification/rpc/feed_messages.h"
#include "services/notification/rpc/notification_service.h"
#include "services/notification/store/feed_projection.h"
#include "services/notification/store/feed_tail.h"
#include "services/notification/store/pg_feed_store.h"

namespace papertape::notification {
namespace {

constexpr char kTradingStream[] = "events.trading";
constexpr char kFeedStream[] = "events.feed";

}  // namespace

absl::Status Wire(service::Host& host) {
  const Config config = ReadConfig(host.settings());

  auto& pool = host.Own<pg::Pool>(config.database);
  auto& redis = host.Own<redis::Client>(config.redis);
  const pg::MigrationPlan plan{config.database.dsn, config.database.schema, notification_store::Migrations()};
  host.AddPart(
      "migrations", [plan] { return pg::MigrateUp(plan).status(); }, [] {});
  host.AddReadiness("database", [&pool] { return pool.Ping(); });
  host.AddReadiness("redis", [&redis] { return redis.Ping(); });

  // From committed entries to the gateways.
  auto& hub = host.Own<FeedHub>();
  host.OnDrain([&hub] { hub.HangUp(); });
  auto& tail =
      host.Own<FeedTail>(redis, kFeedStream, [&hub](const auto& entries) { hub.Publish(ParseEntries(entries)); });
  host.AddPart(
      "feed tail", [&tail] { return tail.Start(); }, [&tail] { tail.Stop(); });
  host.AddReadiness("feed tail", [&tail] { return tail.Health(); });

  // From trading events to committed entries.
  auto& relay = host.Own<events::Relay>(
      pool, redis, host.clock(),
      events::Relay::Options{.stream = kFeedStream, .stream_length = 100'000, .resend = std::chrono::minutes(5)});
  auto& projection = host.Own<FeedProjection>(ReadTradingEvent, SerializeFeedEntry);
  auto& consumer = host.Own<events::Consumer>(
      pool, redis,
      events::Consumer::Options{.stream = kTradingStream, .group = "notification", .consumer = config.consumer},
      [&projection](pg::Transaction& transaction, const events::Event& event) {
        return projection.Apply(transaction, event);
      },
      [&relay](const std::vector<events::Event>&) { relay.Notify(); });
  const auto started = [](auto& part) {
    return [&part] {
      part.Start();
      return absl::OkStatus();
    };
  };
  host.AddPart("feed relay", started(relay), [&relay] { relay.Stop(); });
  host.AddPart("trading events", started(consumer), [&consumer] { consumer.Stop(); });
  host.AddReadiness("feed relay", [&relay] { return relay.Health(); });
  host.AddReadiness("trading events", [&consumer] { return consumer.Health(); });

  auto& feed = host.Own<PgFeedStore>(pool);
  host.Serve(std::make_shared<NotificationService>(host.gate(), feed, hub));
  return absl::OkStatus();
}

}  // namespace papertape::notification

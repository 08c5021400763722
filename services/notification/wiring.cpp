#include "services/notification/wiring.h"

#include "libs/events/events.h"
#include "libs/events/repeating_thread.h"
#include "libs/pg/migrator.h"
#include "libs/pg/pool.h"
#include "libs/redis/redis.h"
#include "libs/rpc/revocation_tail.h"
#include "libs/seal/seal.h"
#include "libs/status/status.h"
#include "migrations/notification_store.h"
#include "services/notification/clients/account_events.h"
#include "services/notification/clients/journal_alerts.h"
#include "services/notification/clients/mail_directory.h"
#include "services/notification/clients/mail_metrics.h"
#include "services/notification/clients/smtp_transport.h"
#include "services/notification/clients/trading_events.h"
#include "services/notification/config.h"
#include "services/notification/domain/mail_room.h"
#include "services/notification/domain/mail_sender.h"
#include "services/notification/rpc/feed_hub.h"
#include "services/notification/rpc/feed_messages.h"
#include "services/notification/rpc/mail_service.h"
#include "services/notification/rpc/notification_service.h"
#include "services/notification/store/feed_projection.h"
#include "services/notification/store/feed_tail.h"
#include "services/notification/store/pg_feed_store.h"
#include "services/notification/store/pg_mail_queue.h"

namespace papertape::notification {
namespace {

constexpr char kTradingStream[] = "events.trading";
constexpr char kJournalStream[] = "events.journal";
constexpr char kFeedStream[] = "events.feed";

MailTransport& MakeTransport(service::Host& host, const Config& config) {
  if (!config.smtp.host.empty()) return host.Own<SmtpTransport>(config.smtp);
  return host.Own<MailDirectory>(config.mail_directory, config.smtp.from);
}

// From queued mails to a mail server or a directory.
void WireMail(service::Host& host, const Config& config, pg::Pool& pool) {
  using std::chrono::milliseconds;
  auto& sealer = host.Own<Sealer>(config.seal_keys, SystemRandom());
  auto& queue = host.Own<PgMailQueue>(pool, sealer);
  auto& tally = host.Own<MailMetrics>(host.metrics());
  auto& sender = host.Own<MailSender>(queue, MakeTransport(host, config), tally, host.clock());
  // A second is how late a retry may be; new mails wake the thread.
  auto& sending = host.Own<events::RepeatingThread>("sending of mails", [&sender]() -> absl::StatusOr<milliseconds> {
    PT_ASSIGN_OR_RETURN(const bool sent, sender.SendOne());
    return milliseconds(sent ? 0 : 1'000);
  });
  auto& erasing =
      host.Own<events::RepeatingThread>("erasing of old mails", [&sender]() -> absl::StatusOr<milliseconds> {
        PT_RETURN_IF_ERROR(sender.EraseOld());
        return std::chrono::hours(1);
      });
  host.AddThread("sending of mails", sending);
  host.AddThread("erasing of old mails", erasing);
  auto& room = host.Own<MailRoom>(queue, tally, host.clock(), [&sending] { sending.Wake(); });
  host.Serve(std::make_shared<MailService>(host.gate(), room));
}

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
  host.AddThread("feed tail", tail);
  host.AddReadiness("feed tail", [&tail] { return tail.Health(); });

  // From others' events to committed entries.
  auto& relay = host.Own<events::Relay>(
      pool, redis, host.clock(),
      events::Relay::Options{.stream = kFeedStream, .stream_length = 100'000, .resend = std::chrono::minutes(5)});
  const auto follow = [&](const char* stream, const FeedProjection::Reader& read) -> events::Consumer& {
    auto& projection = host.Own<FeedProjection>(read, SerializeFeedEntry);
    return host.Own<events::Consumer>(
        pool, redis, events::Consumer::Options{.stream = stream, .group = "notification", .consumer = config.consumer},
        [&projection](pg::Transaction& transaction, const events::Event& event) {
          return projection.Apply(transaction, event);
        },
        [&relay](const std::vector<events::Event>&) { relay.Notify(); });
  };
  auto& trading = follow(kTradingStream, TellTradingEvent);
  auto& journal = follow(kJournalStream, TellJournalAlert);
  auto& accounts = follow(rpc::kAuthStream, TellAccountEvent);
  host.AddThread("feed relay", relay);
  host.AddThread("trading events", trading);
  host.AddThread("journal alerts", journal);
  host.AddThread("account events", accounts);
  host.AddReadiness("feed relay", [&relay] { return relay.Health(); });
  host.AddReadiness("trading events", [&trading] { return trading.Health(); });
  host.AddReadiness("journal alerts", [&journal] { return journal.Health(); });
  host.AddReadiness("account events", [&accounts] { return accounts.Health(); });

  auto& feed = host.Own<PgFeedStore>(pool);
  host.Serve(std::make_shared<NotificationService>(host.gate(), feed, hub));
  WireMail(host, config, pool);
  return absl::OkStatus();
}

}  // namespace papertape::notification

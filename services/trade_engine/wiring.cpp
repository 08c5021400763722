#include "services/trade_engine/wiring.h"

#include <prometheus/histogram.h>
#include <signal.h>
#include <unistd.h>

#include "libs/events/events.h"
#include "libs/ids/ids.h"
#include "libs/log/log.h"
#include "libs/pg/migrator.h"
#include "libs/rpc/metrics.h"
#include "migrations/trade_engine_store.h"
#include "services/trade_engine/action_wiring.h"
#include "services/trade_engine/clients/grpc_quote_source.h"
#include "services/trade_engine/clients/tick_reader.h"
#include "services/trade_engine/config.h"
#include "services/trade_engine/rpc/account_service.h"
#include "services/trade_engine/rpc/event_messages.h"
#include "services/trade_engine/rpc/journal_messages.h"
#include "services/trade_engine/rpc/journal_service.h"
#include "services/trade_engine/rpc/ledger_service.h"
#include "services/trade_engine/rpc/session_books_service.h"
#include "services/trade_engine/rpc/setup_service.h"
#include "services/trade_engine/rpc/trade_service.h"
#include "services/trade_engine/store/pg_action_archive.h"
#include "services/trade_engine/store/pg_archive.h"
#include "services/trade_engine/store/pg_event_archive.h"
#include "services/trade_engine/store/pg_journal.h"
#include "services/trade_engine/store/pg_ledger.h"
#include "services/trade_engine/store/pg_setups.h"
#include "services/trade_engine/store/pg_trading_journal.h"
#include "services/trade_engine/store/pg_watch_store.h"

namespace papertape::trade_engine {
namespace {

// Another process owns the ledger now: drain and end like on any SIGTERM.
void EndProcess() {
  log::Warning("another trade engine has taken over; ending");
  kill(getpid(), SIGTERM);
}

// How old the newest price of each live entry of `ticks` is once the triggers have seen it.
std::function<void(const TickEntry&)> MeasureTicks(service::Host& host) {
  auto& seconds = host.metrics().Latency("papertape_tick_seconds",
                                         "From the making of a price to the moment when the triggers have seen it.");
  return [&seconds, &clock = host.clock()](const TickEntry& entry) {
    if (entry.quotes.empty() || entry.position.session != 0) return;
    seconds.Observe(std::chrono::duration<double>(clock.Now() - entry.quotes.back().time).count());
  };
}

// The parts of the engine that the journal stands beside.
struct WiredEngine {
  Engine& engine;
  const CommittedView& view;
  Archive& archive;
  ActionArchive& actions;
  QuoteDesk& quotes;
  IdSource& ids;
};

// Setups, written trades and their watch, which follows the tape beside the engine.
void WireJournal(service::Host& host, const WiredEngine& wired, pg::Pool& pool, redis::Client& redis) {
  auto& relay = host.Own<events::Relay>(pool, redis, host.clock(),
                                        events::Relay::Options{.stream = "events.journal",
                                                               .stream_length = 100'000,
                                                               .log = PgWatchStore::kAlerts,
                                                               .marks = "journal_alerts_relayed"});
  host.AddThread("journal relay", relay);
  auto& store = host.Own<PgWatchStore>(pool, wired.ids, PgWatchStore::AlertCodec{AlertType(), EncodeAlert});
  auto& watch = host.Own<JournalWatch>(JournalWatch::Options{}, store, host.clock(), [&relay] { relay.Notify(); });
  auto& ticks = host.Own<TickReader>(redis, watch);
  host.AddThread("journal ticks", ticks);
  host.AddReadiness("journal watch", [&watch] { return watch.Health(); });

  auto& journal = host.Own<PgTradingJournal>(pool);
  host.Serve(std::make_shared<TradeService>(
      host.gate(),
      TradeService::Parts{wired.engine, wired.view, wired.archive, wired.actions, wired.quotes, journal, watch}));
  host.Serve(
      std::make_shared<JournalService>(host.gate(), JournalService::Parts{journal, watch, wired.view, wired.ids}));
  auto& setups = host.Own<PgSetups>(pool);
  host.Serve(std::make_shared<SetupService>(host.gate(), SetupService::Parts{setups, wired.ids, host.clock()}));
}

}  // namespace

absl::Status Wire(service::Host& host) {
  const Config config = ReadConfig(host.settings());

  auto& pool = host.Own<pg::Pool>(config.database);
  const pg::MigrationPlan plan{config.database.dsn, config.database.schema, trade_engine_store::Migrations()};
  host.AddPart(
      "migrations", [plan] { return pg::MigrateUp(plan).status(); }, [] {});
  host.AddReadiness("database", [&pool] { return pool.Ping(); });
  auto& journal = host.Own<PgJournal>(pool, PgEventLog::Codec{EventType(), EncodeEvent});
  auto& archive = host.Own<PgArchive>(pool);
  auto& event_archive = host.Own<PgEventArchive>(pool);

  auto& redis = host.Own<redis::Client>(config.redis);
  auto& relay = host.Own<events::Relay>(pool, redis, host.clock(),
                                        events::Relay::Options{.stream = "events.trading", .log = "events"});
  host.AddThread("relay", relay);

  auto& ids = host.Own<IdSource>(host.clock(), SystemRandom());
  auto& view = host.Own<CommittedView>();
  auto& engine = host.Own<Engine>(Engine::Options{.catch_up = true}, config.book, journal, ids, view, host.clock(),
                                  Engine::Hooks{.after_commit = [&relay] { relay.Notify(); },
                                                .superseded = EndProcess,
                                                .after_ticks = MeasureTicks(host),
                                                .after_action = TellActions(host)});
  host.AddThread("engine", engine);
  host.AddReadiness("engine", [&engine] { return engine.Ready(); });

  auto& actions = host.Own<PgActionArchive>(pool);
  auto& ticks = host.Own<TickReader>(redis, engine, WireActions(host, pool, redis, engine, view, actions));
  host.AddThread("ticks", ticks);

  auto& market = host.Own<rpc::Peer>(config.market_data, host.clock());
  auto& source = host.Own<GrpcQuoteSource>(market);
  auto& quotes =
      host.Own<QuoteDesk>(view, source, host.clock(), config.ask_quote_after,
                          [&gate = host.gate()](std::function<void()> task) { return gate.Submit(std::move(task)); });
  host.Serve(std::make_shared<AccountService>(host.gate(), engine, view));
  auto& ledger = host.Own<PgLedger>(pool, DecodeEvent);
  host.Serve(std::make_shared<LedgerService>(host.gate(), ledger));
  host.Serve(std::make_shared<SessionBooksService>(host.gate(), engine, view, event_archive));
  WireJournal(host, WiredEngine{engine, view, archive, actions, quotes, ids}, pool, redis);
  return absl::OkStatus();
}

}  // namespace papertape::trade_engine

#include "services/market_data/session_wiring.h"

#include <prometheus/gauge.h>

#include "libs/events/repeating_thread.h"
#include "libs/rpc/metrics.h"
#include "libs/status/status.h"
#include "services/market_data/rpc/market_session_service.h"
#include "services/market_data/rpc/tick_columns.h"
#include "services/market_data/store/pg_market_sessions.h"
#include "services/market_data/store/pg_replay_bars.h"

namespace papertape::market {
namespace {

using events::RepeatingThread;

// How late another process's command is seen, and how much is told again after a crash.
constexpr std::chrono::milliseconds kFollowEvery{1'000};

}  // namespace

MarketSessions& WireSessions(service::Host& host, pg::Pool& pool, PgActionStore& actions, MarketTape& tape,
                             RedisTickPublisher& published, std::chrono::milliseconds fresh) {
  auto& store = host.Own<PgMarketSessions>(pool);
  auto& bars = host.Own<PgReplayBars>(pool);
  auto& sessions = host.Own<MarketSessions>(
      MarketSessions::Ports{
          .store = store,
          .bars = bars,
          .tape = tape,
          .clock = host.clock(),
          .told = [&published] { return published.Told(MomentOf); },
          .announce =
              [&actions, &clock = host.clock()](const MarketSession& session) {
                return actions.AnnounceTo(session.number, session.first_day, session.last_day, clock.Now()).status();
              }},
      fresh / 2);
  auto& number = host.metrics().Gauge("papertape_market_session", "Session that the market is in; 0 is the live one.");
  auto& thread = host.Own<RepeatingThread>("market sessions",
                                           [&sessions, &tape, &number]() -> absl::StatusOr<RepeatingThread::Rest> {
                                             PT_RETURN_IF_ERROR(sessions.Follow());
                                             number.Set(static_cast<double>(sessions.Now().session.number));
                                             // A tape that stands because its bars cannot be read says so in the log.
                                             PT_RETURN_IF_ERROR(tape.progress().health);
                                             return RepeatingThread::Rest(kFollowEvery);
                                           });
  // The market's opening has followed once before.
  host.AddThread("market sessions", thread);
  host.Serve(std::make_shared<MarketSessionService>(host.gate(), sessions, host.clock()));
  return sessions;
}

}  // namespace papertape::market

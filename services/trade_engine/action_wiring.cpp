#include "services/trade_engine/action_wiring.h"

#include <prometheus/counter.h>

#include <future>
#include <memory>

#include "libs/events/repeating_thread.h"
#include "libs/log/log.h"
#include "libs/rpc/metrics.h"
#include "libs/status/status.h"
#include "services/trade_engine/clients/market_events.h"
#include "services/trade_engine/domain/action_settler.h"
#include "services/trade_engine/store/action_feed.h"

namespace papertape::trade_engine {
namespace {

using events::RepeatingThread;
using std::chrono::milliseconds;

// Submits and waits for the commit: for a thread that has nothing else to do.
absl::StatusOr<ActionSettled> SettleAndWait(Engine& engine, const SettleAction& command) {
  const auto outcome = std::make_shared<std::promise<absl::StatusOr<ActionSettled>>>();
  engine.Submit<SettleAction, ActionSettled>(
      RequestContext(), command, {}, {},
      [outcome](absl::StatusOr<ActionSettled> settled) { outcome->set_value(std::move(settled)); });
  return outcome->get_future().get();
}

}  // namespace

std::function<void(const ActionApplied&)> TellActions(service::Host& host) {
  auto& adjusted =
      host.metrics().Counter("papertape_trades_adjusted_total", "Open trades that a split or a dividend has reached.");
  return [&adjusted](const ActionApplied& applied) {
    adjusted.Increment(static_cast<double>(applied.trades));
    log::Info("corporate action applied", {{"action", IdOf(applied.action)},
                                           {"trades", std::uint64_t{applied.trades}},
                                           {"late", applied.late},
                                           {"session", applied.action.session}});
    if (applied.refused == 0) return;
    log::Error("a corporate action left trades as they were: a figure would have left the exact range",
               {{"action", IdOf(applied.action)}, {"trades", std::uint64_t{applied.refused}}});
  };
}

std::function<absl::Status()> WireActions(service::Host& host, pg::Pool& pool, redis::Client& redis, Engine& engine,
                                          const CommittedView& view, ActionArchive& archive) {
  // One engine works at a time, so one name will do: whoever comes after resumes where it stood.
  auto& feed = host.Own<ActionFeed>(
      pool, redis,
      events::Consumer::Options{.stream = "events.market", .group = "trade_engine", .consumer = "trade_engine"},
      ReadMarketEvent, [&engine](std::vector<CorporateAction> actions) { engine.Learn(std::move(actions)); });
  auto& listening = host.Own<RepeatingThread>("market events", [&feed]() -> absl::StatusOr<RepeatingThread::Rest> {
    PT_RETURN_IF_ERROR(feed.Step());
    return RepeatingThread::Rest(milliseconds(0));
  });
  host.AddThread("market events", listening);
  host.AddReadiness("market events", [&listening] { return listening.Health(); });

  auto& settler = host.Own<ActionSettler>(
      archive, [&view] { return view.session(); },
      [&engine](const SettleAction& command) { return SettleAndWait(engine, command); });
  auto& settling = host.Own<RepeatingThread>("settling", [&settler]() -> absl::StatusOr<RepeatingThread::Rest> {
    PT_ASSIGN_OR_RETURN(const milliseconds rest, settler.Step());
    return RepeatingThread::Rest(rest);
  });
  host.AddThread("settling", settling);
  return [&feed] { return feed.CatchUp(); };
}

}  // namespace papertape::trade_engine

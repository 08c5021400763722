#include "services/market_data/tape_wiring.h"

#include <prometheus/gauge.h>

#include "libs/events/repeating_thread.h"
#include "libs/rpc/metrics.h"
#include "libs/status/status.h"
#include "services/market_data/domain/tick_fanout.h"
#include "services/market_data/rpc/bar_streams.h"
#include "services/market_data/rpc/tape_service.h"
#include "services/market_data/rpc/tick_streams.h"

namespace papertape::market {
namespace {

using events::RepeatingThread;

constexpr std::chrono::milliseconds kTurnEvery{100};
constexpr std::chrono::milliseconds kStoreEvery{1'000};

// What became of ticks on their way into bars.
class BarMetrics {
 public:
  explicit BarMetrics(rpc::Metrics& metrics)
      : reordered_(Of(metrics, "reordered")),
        late_(Of(metrics, "late")),
        closed_(Of(metrics, "outside_hours")),
        given_up_(metrics.Gauge("papertape_bars_given_up", "Finished bars that could not be stored in time.")) {}
  void Show(const BarDesk& desk) {
    const BarBuilder::Counts counts = desk.counts();
    reordered_.Set(static_cast<double>(counts.reordered));
    late_.Set(static_cast<double>(counts.late));
    closed_.Set(static_cast<double>(counts.closed));
    given_up_.Set(static_cast<double>(desk.given_up()));
  }

 private:
  static prometheus::Gauge& Of(rpc::Metrics& metrics, const std::string& what) {
    return metrics.Gauge("papertape_bar_ticks",
                         "Ticks since the start that came out of order and made bars all the same (reordered), or made "
                         "none: too late, or outside trading hours.",
                         {{"what", what}});
  }
  prometheus::Gauge& reordered_;
  prometheus::Gauge& late_;
  prometheus::Gauge& closed_;
  prometheus::Gauge& given_up_;
};

}  // namespace

Tape WireTape(service::Host& host, BarStore& bars, TickPublisher& redis) {
  auto& tick_streams = host.Own<TickStreams>();
  auto& bar_streams = host.Own<BarStreams>();
  auto& desk = host.Own<BarDesk>(
      BarDesk::Options(), bars, [&bar_streams](const std::vector<LiveBar>& told) { bar_streams.Publish(told); },
      host.clock());
  auto& everyone = host.Own<TickFanout>(std::vector<TickPublisher*>{&tick_streams, &desk, &redis});

  auto& metrics = host.Own<BarMetrics>(host.metrics());
  host.AddThread("bars",
                 host.Own<RepeatingThread>("bars", [&desk, &metrics]() -> absl::StatusOr<RepeatingThread::Rest> {
                   desk.Turn();
                   metrics.Show(desk);
                   return RepeatingThread::Rest(kTurnEvery);
                 }));
  host.AddThread("bar store",
                 host.Own<RepeatingThread>("bar store", [&desk]() -> absl::StatusOr<RepeatingThread::Rest> {
                   PT_RETURN_IF_ERROR(desk.Store().status());
                   return RepeatingThread::Rest(kStoreEvery);
                 }));
  host.OnDrain([&tick_streams, &bar_streams] {
    tick_streams.HangUp();
    bar_streams.HangUp();
  });
  host.Serve(std::make_shared<TapeService>(host.gate(), tick_streams, bar_streams));
  return {.everyone = everyone, .bars = desk};
}

}  // namespace papertape::market

#include "gateway/upstream_metrics.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>

namespace papertape::gateway {

using State = rpc::Breaker::State;

UpstreamMetrics::UpstreamMetrics(rpc::Metrics& metrics, const std::string& upstream)
    : calls_(metrics.Counter("papertape_upstream_calls_total", "Calls that went out to a service.",
                             {{"upstream", upstream}})),
      state_(metrics.Gauge("papertape_upstream_breaker_state",
                           "The service's circuit breaker: 0 closed, 1 half open, 2 open.", {{"upstream", upstream}})) {
  for (const State state : {State::kClosed, State::kHalfOpen, State::kOpen}) {
    changes_[static_cast<int>(state)] =
        &metrics.Counter("papertape_upstream_breaker_changes_total", "How often the breaker came into a state.",
                         {{"upstream", upstream}, {"to", std::string(rpc::NameOf(state))}});
  }
}

void UpstreamMetrics::Called() { calls_.Increment(); }

void UpstreamMetrics::BreakerEntered(State state) {
  state_.Set(static_cast<double>(state));
  changes_[static_cast<int>(state)]->Increment();
}

}  // namespace papertape::gateway

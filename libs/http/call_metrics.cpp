#include "libs/http/call_metrics.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>

namespace papertape::http {
namespace {

using State = rpc::Breaker::State;

constexpr std::array<const char*, static_cast<std::size_t>(Outcome::kCount)> kOutcomes{
    "answered", "refused", "busy", "failed", "unreachable", "too_slow", "too_large", "paced", "breaker"};

}  // namespace

CallMetrics::CallMetrics(rpc::Metrics& metrics, const std::string& provider)
    : seconds_(metrics.Latency("papertape_provider_seconds", "Time from a request to a provider to its whole answer.",
                               {{"provider", provider}})),
      state_(metrics.Gauge("papertape_provider_breaker_state",
                           "The provider's circuit breaker: 0 closed, 1 half open, 2 open.",
                           {{"provider", provider}})) {
  for (std::size_t i = 0; i < kOutcomes.size(); ++i) {
    requests_[i] = &metrics.Counter("papertape_provider_requests_total", "Requests to a provider, by how they ended.",
                                    {{"provider", provider}, {"outcome", kOutcomes[i]}});
  }
  for (const State state : {State::kClosed, State::kHalfOpen, State::kOpen}) {
    changes_[static_cast<std::size_t>(state)] =
        &metrics.Counter("papertape_provider_breaker_changes_total", "How often the breaker came into a state.",
                         {{"provider", provider}, {"to", std::string(rpc::NameOf(state))}});
  }
}

void CallMetrics::Count(Outcome outcome) { requests_[static_cast<std::size_t>(outcome)]->Increment(); }

void CallMetrics::Took(std::chrono::nanoseconds time) { seconds_.Observe(std::chrono::duration<double>(time).count()); }

void CallMetrics::BreakerEntered(State state) {
  state_.Set(static_cast<double>(state));
  changes_[static_cast<std::size_t>(state)]->Increment();
}

}  // namespace papertape::http

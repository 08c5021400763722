// What is counted of the requests to one provider: papertape_provider_requests_total{provider,outcome},
// papertape_provider_seconds{provider}, papertape_provider_breaker_state{provider} and
// papertape_provider_breaker_changes_total{provider,to}. Thread-safe.
#pragma once

#include <array>
#include <chrono>
#include <string>

#include "libs/rpc/breaker.h"
#include "libs/rpc/metrics.h"

namespace papertape::http {

enum class Outcome {
  kAnswered,     // 2xx
  kRefused,      // 3xx or 4xx
  kBusy,         // it wants fewer requests
  kFailed,       // 5xx
  kUnreachable,  // no connection, or one that broke, or a certificate that is not trusted
  kTooSlow,
  kTooLarge,
  kPaced,    // not sent: no turn would have come in time
  kBreaker,  // not sent: the breaker is open
  kCount
};

class CallMetrics {
 public:
  CallMetrics(rpc::Metrics& metrics, const std::string& provider);
  void Count(Outcome outcome);
  void Took(std::chrono::nanoseconds time);
  void BreakerEntered(rpc::Breaker::State state);

 private:
  std::array<prometheus::Counter*, static_cast<std::size_t>(Outcome::kCount)> requests_{};
  std::array<prometheus::Counter*, 3> changes_{};
  prometheus::Histogram& seconds_;
  prometheus::Gauge& state_;
};

}  // namespace papertape::http

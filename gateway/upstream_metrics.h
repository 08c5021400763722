// What the gateway counts of its calls to one service. Thread-safe.
#pragma once

#include <string>

#include "libs/rpc/breaker.h"
#include "libs/rpc/metrics.h"

namespace papertape::gateway {

class UpstreamMetrics {
 public:
  UpstreamMetrics(rpc::Metrics& metrics, const std::string& upstream);
  // A call goes out to the service.
  void Called();
  void BreakerEntered(rpc::Breaker::State state);

 private:
  prometheus::Counter& calls_;
  prometheus::Gauge& state_;
  prometheus::Counter* changes_[3] = {};  // by the state that was entered
};

}  // namespace papertape::gateway

// What the gateway counts, each metric looked up once at start. Thread-safe.
#pragma once

#include <array>
#include <atomic>
#include <memory>
#include <string_view>
#include <vector>

#include "gateway/route_table.h"
#include "libs/rpc/metrics.h"

namespace papertape::gateway {

class EdgeMetrics {
 public:
  EdgeMetrics(rpc::Metrics& metrics, const RouteTable& routes);
  // One answered request; `route` is null when it reached none.
  void Answered(const Route* route, int status, double seconds);
  void FromBoard() { ++from_board_; }
  // The text that Prometheus scrapes, with the gauges as they are now.
  std::string Scrape(std::size_t connections, std::int64_t streams);

 private:
  struct OfRoute {
    prometheus::Histogram* seconds = nullptr;
    std::array<prometheus::Counter*, 6> by_class{};  // 2 is 2xx
  };
  OfRoute Make(const std::string& verb, const std::string& path);

  rpc::Metrics& metrics_;
  std::vector<OfRoute> routes_;  // by Route::index; the last is for requests without a route
  std::atomic<std::uint64_t> from_board_{0};
  prometheus::Gauge& connections_;
  prometheus::Gauge& streams_;
  prometheus::Gauge& board_answers_;
};

}  // namespace papertape::gateway

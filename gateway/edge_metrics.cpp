#include "gateway/edge_metrics.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>

#include <string>

namespace papertape::gateway {

EdgeMetrics::EdgeMetrics(rpc::Metrics& metrics, const RouteTable& routes)
    : metrics_(metrics),
      connections_(metrics.Gauge("papertape_http_connections", "Connections that are open.")),
      streams_(metrics.Gauge("papertape_http_streams", "WebSockets that are open.")),
      board_answers_(metrics.Gauge("papertape_http_board_answers", "Requests answered from the quote board so far.")) {
  for (const auto& route : routes.routes()) routes_.push_back(Make(route->verb, route->path));
  routes_.push_back(Make("", ""));
}

EdgeMetrics::OfRoute EdgeMetrics::Make(const std::string& verb, const std::string& path) {
  OfRoute made;
  made.seconds = &metrics_.Latency("papertape_http_request_seconds", "Time from a request's last byte to its answer.",
                                   {{"verb", verb}, {"route", path}});
  for (std::size_t i = 1; i < made.by_class.size(); ++i) {
    made.by_class[i] = &metrics_.Counter("papertape_http_requests_total", "Requests answered, by class of status.",
                                         {{"verb", verb}, {"route", path}, {"status", std::to_string(i) + "xx"}});
  }
  return made;
}

void EdgeMetrics::Answered(const Route* route, int status, double seconds) {
  OfRoute& of = routes_[route == nullptr ? routes_.size() - 1 : route->index];
  of.seconds->Observe(seconds);
  const auto status_class = static_cast<std::size_t>(status) / 100;
  if (status_class >= 1 && status_class < of.by_class.size()) of.by_class[status_class]->Increment();
}

std::string EdgeMetrics::Scrape(std::size_t connections, std::int64_t streams) {
  connections_.Set(static_cast<double>(connections));
  streams_.Set(static_cast<double>(streams));
  board_answers_.Set(static_cast<double>(from_board_));
  return metrics_.Scrape();
}

}  // namespace papertape::gateway

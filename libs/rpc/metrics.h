// The process's metrics, in Prometheus' terms. Names are papertape_<what>_<unit>. Thread-safe; references stay valid.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace prometheus {
class Counter;
class Gauge;
class Histogram;
class Registry;
}  // namespace prometheus

namespace papertape::rpc {

class Metrics {
 public:
  using Labels = std::map<std::string, std::string>;

  Metrics();
  ~Metrics();
  // The same name and labels give the same metric. Look one up once and keep the reference: the look-up takes a lock.
  prometheus::Counter& Counter(std::string_view name, std::string_view help, const Labels& labels = {});
  prometheus::Gauge& Gauge(std::string_view name, std::string_view help, const Labels& labels = {});
  // Buckets in seconds, from 50 us to 10 s.
  prometheus::Histogram& Latency(std::string_view name, std::string_view help, const Labels& labels = {});

  // One finished call: papertape_calls_total{method,code} and papertape_call_seconds{method}.
  void CallFinished(std::string_view method, int grpc_code, double seconds);

  // The text that Prometheus scrapes.
  [[nodiscard]] std::string Scrape() const;

 private:
  struct MethodMetrics;
  class Calls;
  std::shared_ptr<prometheus::Registry> registry_;
  std::unique_ptr<Calls> calls_;
};

}  // namespace papertape::rpc

#include "libs/rpc/metrics.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <array>
#include <mutex>
#include <shared_mutex>

namespace papertape::rpc {
namespace {

constexpr std::size_t kCodes = 17;

const prometheus::Histogram::BucketBoundaries& Boundaries() {
  static const auto* const seconds = new prometheus::Histogram::BucketBoundaries{
      0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10};
  return *seconds;
}

}  // namespace

struct Metrics::MethodMetrics {
  prometheus::Histogram* seconds = nullptr;
  std::array<prometheus::Counter*, kCodes> by_code{};
};

// The metrics of each method, found without making a label set for every call.
class Metrics::Calls {
 public:
  MethodMetrics& Of(std::string_view method, Metrics& metrics) {
    {
      const std::shared_lock lock(mutex_);
      if (const auto found = methods_.find(method); found != methods_.end()) return *found->second;
    }
    const std::unique_lock lock(mutex_);
    auto& entry = methods_[std::string(method)];
    if (entry == nullptr) entry = Make(std::string(method), metrics);
    return *entry;
  }

 private:
  static std::unique_ptr<MethodMetrics> Make(const std::string& method, Metrics& metrics) {
    auto made = std::make_unique<MethodMetrics>();
    made->seconds =
        &metrics.Latency("papertape_call_seconds", "Time from a call's arrival to its answer.", {{"method", method}});
    for (std::size_t code = 0; code < kCodes; ++code) {
      made->by_code[code] = &metrics.Counter("papertape_calls_total", "Calls answered, by gRPC status code.",
                                             {{"method", method}, {"code", std::to_string(code)}});
    }
    return made;
  }

  std::shared_mutex mutex_;
  std::map<std::string, std::unique_ptr<MethodMetrics>, std::less<>> methods_;
};

Metrics::Metrics() : registry_(std::make_shared<prometheus::Registry>()), calls_(std::make_unique<Calls>()) {}
Metrics::~Metrics() = default;

prometheus::Counter& Metrics::Counter(std::string_view name, std::string_view help, const Labels& labels) {
  return prometheus::BuildCounter().Name(std::string(name)).Help(std::string(help)).Register(*registry_).Add(labels);
}

prometheus::Gauge& Metrics::Gauge(std::string_view name, std::string_view help, const Labels& labels) {
  return prometheus::BuildGauge().Name(std::string(name)).Help(std::string(help)).Register(*registry_).Add(labels);
}

prometheus::Histogram& Metrics::Latency(std::string_view name, std::string_view help, const Labels& labels) {
  return prometheus::BuildHistogram()
      .Name(std::string(name))
      .Help(std::string(help))
      .Register(*registry_)
      .Add(labels, Boundaries());
}

void Metrics::CallFinished(std::string_view method, int grpc_code, double seconds) {
  MethodMetrics& metrics = calls_->Of(method, *this);
  metrics.seconds->Observe(seconds);
  const auto code = static_cast<std::size_t>(grpc_code);
  metrics.by_code[code < kCodes ? code : 2]->Increment();
}

std::string Metrics::Scrape() const { return prometheus::TextSerializer().Serialize(registry_->Collect()); }

}  // namespace papertape::rpc

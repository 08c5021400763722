// What `/health` and `/health/ready` say: the services' own word, by gRPC's health protocol. Thread-safe.
#pragma once

#include <array>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "gateway/grpc_invoker.h"
#include "gateway/http_response.h"
#include "libs/clock/clock.h"

namespace papertape::gateway {

class ServiceHealth {
 public:
  // What was found is good for this long: a hundred probes a second must not become six hundred calls.
  static constexpr std::chrono::milliseconds kGoodFor{500};
  static constexpr std::chrono::milliseconds kTimeout{1'000};

  ServiceHealth(GrpcInvoker& invoker, const Clock& clock) : invoker_(invoker), clock_(clock) {}
  // Calls `done` once, from any thread, with 200 when every service serves and 503 otherwise.
  void Report(std::function<void(HttpResponse)> done);

 private:
  struct Finding {
    std::string status;
    std::chrono::microseconds latency{};
  };
  struct Round;
  class Probe;
  [[nodiscard]] HttpResponse Print(const std::vector<Finding>& findings) const;
  void Finish(const Round& round);

  GrpcInvoker& invoker_;
  const Clock& clock_;
  std::mutex mutex_;
  HttpResponse newest_;
  Instant good_until_{};
  bool running_ = false;
  std::vector<std::function<void(HttpResponse)>> waiting_;  // for the round that runs
};

}  // namespace papertape::gateway

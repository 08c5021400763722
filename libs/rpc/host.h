// What every service's main is: `return papertape::service::Run("trade-engine", Wire);`
// Run reads the environment, sets up logging and signals, calls Wire, serves gRPC (health and reflection included) and
// the admin port (/health/live, /health/ready, /metrics), and on SIGTERM or SIGINT drains: readiness turns off, running
// calls finish within PAPERTAPE_DRAIN_TIMEOUT_MS, owned parts stop in the reverse order of their making.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "absl/status/status.h"
#include "libs/clock/clock.h"
#include "libs/config/settings.h"

namespace grpc {
class Service;
}  // namespace grpc

namespace papertape::auth {
class Revocations;
}  // namespace papertape::auth

namespace papertape::rpc {
class Gate;
class Metrics;
}  // namespace papertape::rpc

namespace papertape::service {

// The process under construction, as Wire sees it. Not thread-safe.
class Host {
 public:
  virtual ~Host() = default;
  virtual Settings& settings() = 0;
  virtual const Clock& clock() = 0;
  // The gate that every rpc passes: identity, deadline, log line, metrics. Lives as long as the host.
  virtual rpc::Gate& gate() = 0;
  // The ended sessions that the gate refuses, told by the stream `events.auth`.
  virtual auth::Revocations& revocations() = 0;
  // The process's metrics, served at /metrics.
  virtual rpc::Metrics& metrics() = 0;
  // Serves `service` (kept alive by the host). Every one of its methods must carry the papertape.api option.
  virtual void Serve(std::shared_ptr<grpc::Service> service) = 0;
  // Lets calls bring requests of that many bytes, where gRPC's 4 MiB are too few. The largest wish counts.
  virtual void AcceptRequestsOf(std::size_t bytes) = 0;
  // Ready only while every probe answers OK.
  virtual void AddReadiness(std::string name, std::function<absl::Status()> probe) = 0;
  // What /health/ready tells beside, for people: {`group`: {`name`: what `tell` answers}}. It makes nothing unready.
  virtual void AddDetail(std::string group, std::string name, std::function<std::string()> tell) = 0;
  // `start` runs after wiring, in order; when it answers UNAVAILABLE it is run again until it does not (with growing
  // pauses, readiness off, saying what it waits for), any other failure ends the process. `stop` runs on shutdown, in
  // reverse order, after the calls have drained.
  virtual void AddPart(std::string name, std::function<absl::Status()> start, std::function<void()> stop) = 0;
  // `hang_up` runs when draining begins, before calls are waited for: services with endless streams end them here.
  virtual void OnDrain(std::function<void()> hang_up) = 0;
  // A part that runs a thread of its own between its Start(), which answers a Status or nothing, and its Stop().
  template <class Thread>
  void AddThread(std::string_view name, Thread& thread) {
    AddPart(
        std::string(name),
        [&thread]() -> absl::Status {
          if constexpr (std::is_void_v<decltype(thread.Start())>) {
            thread.Start();
            return absl::OkStatus();
          } else {
            return thread.Start();
          }
        },
        [&thread] { thread.Stop(); });
  }
  // Keeps anything alive until the process ends; destroyed in reverse order.
  template <class T, class... Args>
  T& Own(Args&&... args) {
    auto owned = std::make_shared<T>(std::forward<Args>(args)...);
    T& reference = *owned;
    Keep(std::move(owned));
    return reference;
  }

 protected:
  virtual void Keep(std::shared_ptr<void> owned) = 0;
};

// Builds the service into `host`. Settings mistakes are reported together after it returns, before anything starts.
using WireFunction = absl::Status (*)(Host& host);

// The process's exit code.
int Run(std::string_view name, WireFunction wire);

}  // namespace papertape::service

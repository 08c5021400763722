// The admin port: GET /health/live, /health/ready (200 or 503 with the failing probes) and /metrics. Thread-safe.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"

namespace papertape::rpc {

class AdminServer {
 public:
  // `ready` answers OK, or which probe fails; `details` further members of that JSON object, each with a comma before
  // it; `metrics` the text for Prometheus.
  AdminServer(std::function<absl::Status()> ready, std::function<std::string()> details,
              std::function<std::string()> metrics);
  ~AdminServer();
  // Listens on "host:port" and serves on a thread of its own.
  absl::Status Start(const std::string& address);
  void Stop();

 private:
  class Server;
  std::unique_ptr<Server> server_;
};

}  // namespace papertape::rpc

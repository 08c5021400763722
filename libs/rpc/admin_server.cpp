#include "libs/rpc/admin_server.h"

#include <httplib.h>

#include <charconv>
#include <thread>

#include "fmt/format.h"
#include "libs/log/log.h"
#include "libs/status/status.h"

namespace papertape::rpc {

class AdminServer::Server {
 public:
  httplib::Server http;
  std::thread thread;
};

AdminServer::AdminServer(std::function<absl::Status()> ready, std::function<std::string()> details,
                         std::function<std::string()> metrics)
    : server_(std::make_unique<Server>()) {
  httplib::Server& http = server_->http;
  http.new_task_queue = [] { return new httplib::ThreadPool(2); };
  http.set_tcp_nodelay(true);
  http.Get("/health/live", [](const httplib::Request&, httplib::Response& response) {
    response.set_content("{\"status\":\"ok\"}", "application/json");
  });
  http.Get("/health/ready", [ready = std::move(ready), details = std::move(details)](const httplib::Request&,
                                                                                     httplib::Response& response) {
    const absl::Status status = ready();
    std::string body = status.ok() ? "{\"status\":\"ok\"" : "{\"status\":\"not ready\",\"detail\":";
    if (!status.ok()) log::AppendJsonString(MessageOf(status), body);
    response.status = status.ok() ? 200 : 503;
    response.set_content(body + details() + "}", "application/json");
  });
  http.Get("/metrics", [metrics = std::move(metrics)](const httplib::Request&, httplib::Response& response) {
    response.set_content(metrics(), "text/plain; version=0.0.4");
  });
}

AdminServer::~AdminServer() { Stop(); }

absl::Status AdminServer::Start(const std::string& address) {
  const std::size_t colon = address.rfind(':');
  int port = 0;
  if (colon != std::string::npos) {
    std::from_chars(address.data() + colon + 1, address.data() + address.size(), port);
  }
  if (port <= 0 || !server_->http.bind_to_port(address.substr(0, colon), port)) {
    return absl::UnavailableError(fmt::format("the admin port {} cannot be opened: is it in use?", address));
  }
  server_->thread = std::thread([this] { server_->http.listen_after_bind(); });
  return absl::OkStatus();
}

void AdminServer::Stop() {
  server_->http.stop();
  if (server_->thread.joinable()) server_->thread.join();
}

}  // namespace papertape::rpc

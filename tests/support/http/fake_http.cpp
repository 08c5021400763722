#include "tests/support/http/fake_http.h"

#include <httplib.h>

#include <algorithm>
#include <atomic>
#include <cctype>
#include <condition_variable>
#include <thread>

#include "fmt/format.h"

namespace papertape::testing {
namespace {

constexpr std::chrono::milliseconds kBetweenBytes{10};

std::string First(const std::multimap<std::string, std::string>& values, const std::string& name) {
  const auto found = values.find(name);
  return found == values.end() ? std::string() : found->second;
}

HttpAsk ToAsk(const httplib::Request& request) {
  HttpAsk ask{.verb = request.method, .path = request.path, .body = request.body};
  for (const auto& [name, value] : request.params) ask.query.emplace(name, value);
  for (const auto& [name, value] : request.headers) {
    std::string lower = name;
    std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) { return std::tolower(c); });
    ask.headers.emplace(lower, value);
  }
  return ask;
}

}  // namespace

std::string HttpAsk::Query(const std::string& name) const { return First(query, name); }
std::string HttpAsk::Header(const std::string& name) const { return First(headers, name); }

struct FakeHttp::Server {
  std::unique_ptr<httplib::Server> http;
  std::thread thread;
  std::mutex mutex;
  std::condition_variable stopped;
  bool stopping = false;

  // False once the server stops.
  bool Pause() {
    std::unique_lock lock(mutex);
    return !stopped.wait_for(lock, kBetweenBytes, [this] { return stopping; });
  }

  void Deliver(const HttpAnswer& answer, httplib::Response& response) {
    response.status = answer.status;
    for (const auto& [name, value] : answer.headers) response.set_header(name, value);
    const std::string body = answer.body;
    switch (answer.delivery) {
      case Delivery::kWhole:
        return response.set_content(body, answer.content_type);
      case Delivery::kCut:
        return response.set_content_provider(body.size() + 1, answer.content_type,
                                             [body](std::size_t offset, std::size_t, httplib::DataSink& sink) {
                                               if (offset == 0) sink.write(body.data(), body.size());
                                               return offset == 0 && body.empty();
                                             });
      case Delivery::kTrickle:
        return response.set_content_provider(
            std::size_t{1} << 20U, answer.content_type,
            [this](std::size_t, std::size_t, httplib::DataSink& sink) { return sink.write(" ", 1) && Pause(); });
    }
  }
};

FakeHttp::FakeHttp(Handler handler, const Certificate* certificate, int port)
    : handler_(std::move(handler)), encrypted_(certificate != nullptr), server_(std::make_unique<Server>()) {
  if (encrypted_) {
    server_->http = std::make_unique<httplib::SSLServer>(certificate->certificate(), certificate->key());
  } else {
    server_->http = std::make_unique<httplib::Server>();
  }
  const auto serve = [this](const httplib::Request& request, httplib::Response& response) {
    const HttpAsk ask = ToAsk(request);
    {
      const std::lock_guard lock(mutex_);
      asks_.push_back(ask);
    }
    server_->Deliver(handler_(ask), response);
  };
  server_->http->Get(".*", serve);
  server_->http->Post(".*", serve);
  server_->http->set_tcp_nodelay(true);
  if (port == 0) {
    port_ = server_->http->bind_to_any_port("127.0.0.1");
  } else if (server_->http->bind_to_port("127.0.0.1", port)) {
    port_ = port;
  }
  server_->thread = std::thread([this] { server_->http->listen_after_bind(); });
}

FakeHttp::~FakeHttp() {
  {
    const std::lock_guard lock(server_->mutex);
    server_->stopping = true;
  }
  server_->stopped.notify_all();
  while (port_ > 0 && !server_->http->is_running()) std::this_thread::yield();
  server_->http->stop();
  server_->thread.join();
}

std::string FakeHttp::url() const { return fmt::format("{}://127.0.0.1:{}", encrypted_ ? "https" : "http", port_); }

std::vector<HttpAsk> FakeHttp::asks() const {
  const std::lock_guard lock(mutex_);
  return asks_;
}

}  // namespace papertape::testing

#include "libs/http/exchange.h"

#include <httplib.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <condition_variable>
#include <csignal>
#include <mutex>
#include <set>
#include <utility>

namespace papertape::http {
namespace {

constexpr std::size_t kMostIdle = 4;

std::string Target(const BaseUrl& base, const Request& request) {
  std::string target = base.prefix + request.path;
  char separator = '?';
  if (!request.query.empty()) {
    target += separator + request.query;
    separator = '&';
  }
  for (const auto& [name, value] : request.parameters) {
    target += separator + Encode(name) + '=' + Encode(value);
    separator = '&';
  }
  return target;
}

std::string LowerCase(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
  return text;
}

Fault FaultOf(httplib::Error error) {
  switch (error) {
    case httplib::Error::SSLServerVerification:
    case httplib::Error::SSLLoadingCerts:
      return Fault::kUntrusted;
    case httplib::Error::ConnectionTimeout:
      return Fault::kTooSlow;
    default:
      return Fault::kUnreachable;
  }
}

}  // namespace

std::string_view FaultText(Fault fault) {
  switch (fault) {
    case Fault::kUnreachable:
      return "cannot be reached, or hung up in the middle";
    case Fault::kUntrusted:
      return "shows a certificate that is not trusted";
    case Fault::kTooSlow:
      return "did not answer in time";
    case Fault::kTooLarge:
      return "answers more than is taken";
  }
  return "";
}

// A client of the library, and a second handle to its socket: the library's own must not be touched by another thread,
// but shutting down the connection wakes whoever waits for it.
class Exchanger::Line {
 public:
  explicit Line(const ExchangeOptions& options) : client_(options.base.origin), body_limit_(options.body_limit_bytes) {
    client_.set_keep_alive(true);
    client_.set_follow_location(false);
    client_.set_decompress(false);
    client_.set_url_encode(false);
    client_.set_tcp_nodelay(true);
    client_.set_socket_options([this](int socket) { Watch(socket); });
    if (options.base.encrypted) {
      client_.enable_server_certificate_verification(true);
      if (!options.ca_file.empty()) client_.set_ca_cert_path(options.ca_file);
      SSL_CTX_set_min_proto_version(client_.ssl_context(), TLS1_2_VERSION);
    }
  }
  ~Line() {
    if (watched_ >= 0) ::close(watched_);
  }
  Line(const Line&) = delete;
  Line& operator=(const Line&) = delete;

  std::variant<Response, Fault> Send(httplib::Request request, std::chrono::milliseconds time) {
    client_.set_connection_timeout(time);
    client_.set_read_timeout(time);
    client_.set_write_timeout(time);
    Response response;
    bool too_large = false;
    request.content_receiver = [&](const char* bytes, std::size_t size, std::uint64_t, std::uint64_t) {
      too_large = response.body.size() + size > body_limit_;
      if (!too_large) response.body.append(bytes, size);
      return !too_large;
    };
    const httplib::Result result = client_.send(request);
    if (too_large) return Fault::kTooLarge;
    if (!result) return FaultOf(result.error());
    response.status = result->status;
    for (const auto& [name, value] : result->headers) response.headers.emplace(LowerCase(name), value);
    return response;
  }

  // From any thread: whatever waits for this connection fails.
  void HangUp() {
    const std::lock_guard lock(mutex_);
    hung_up_ = true;
    if (watched_ >= 0) ::shutdown(watched_, SHUT_RDWR);
  }

 private:
  void Watch(int socket) {
    const std::lock_guard lock(mutex_);
    if (watched_ >= 0) ::close(watched_);
    watched_ = ::dup(socket);
    if (hung_up_) ::shutdown(watched_, SHUT_RDWR);
  }

  httplib::Client client_;
  const std::size_t body_limit_;
  std::mutex mutex_;
  int watched_ = -1;
  bool hung_up_ = false;
};

// Runs on a thread of its own because the look-up of a name can be neither timed nor called back.
class Exchanger::Trip {
 public:
  Trip(std::unique_ptr<Line> line, httplib::Request request, std::chrono::milliseconds time)
      : line_(std::move(line)), thread_([this, request = std::move(request), time]() mutable {
          std::variant<Response, Fault> outcome = line_->Send(std::move(request), time);
          const std::lock_guard lock(mutex_);
          outcome_ = std::move(outcome);
          done_ = true;
          changed_.notify_all();
        }) {}
  ~Trip() {
    if (!done()) line_->HangUp();
    if (thread_.joinable()) thread_.join();
  }
  Trip(const Trip&) = delete;
  Trip& operator=(const Trip&) = delete;

  bool WaitFor(std::chrono::milliseconds time) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, time, [this] { return done_; });
  }
  bool done() {
    const std::lock_guard lock(mutex_);
    return done_;
  }
  void HangUp() { line_->HangUp(); }
  // Once it is done.
  std::variant<Response, Fault> TakeOutcome() { return std::move(outcome_); }
  std::unique_ptr<Line> TakeLine() {
    thread_.join();
    return std::move(line_);
  }

 private:
  std::unique_ptr<Line> line_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool done_ = false;
  std::variant<Response, Fault> outcome_ = Fault::kTooSlow;
  std::thread thread_;  // last: it uses all of the above
};

// What outlives a call: connections at rest, and trips that nobody waits for any longer.
struct Exchanger::Rest {
  std::mutex mutex;
  std::vector<std::unique_ptr<Line>> idle;
  std::vector<std::unique_ptr<Trip>> abandoned;
  std::set<Trip*> under_way;
  bool hung_up = false;
};

Exchanger::Exchanger(ExchangeOptions options) : options_(std::move(options)), rest_(std::make_unique<Rest>()) {
  // OpenSSL writes to sockets whose peer may be gone; httplib's servers do the same for their process.
  std::signal(SIGPIPE, SIG_IGN);
}

Exchanger::~Exchanger() = default;

std::variant<Response, Fault> Exchanger::Exchange(std::string_view verb, const Request& request,
                                                  std::chrono::milliseconds time) {
  if (time <= std::chrono::milliseconds(0)) return Fault::kTooSlow;
  httplib::Request wire;
  wire.method = verb;
  wire.path = Target(options_.base, request);
  for (const auto& [name, value] : request.headers) wire.headers.emplace(name, value);
  if (wire.headers.count("User-Agent") == 0) wire.headers.emplace("User-Agent", options_.user_agent);
  wire.headers.emplace("Accept-Encoding", "identity");
  if (verb == "POST") {
    wire.body = request.body;
    wire.headers.emplace("Content-Type", request.content_type);
  }

  std::unique_ptr<Line> line;
  {
    const std::lock_guard lock(rest_->mutex);
    std::erase_if(rest_->abandoned, [](const std::unique_ptr<Trip>& trip) { return trip->done(); });
    if (!rest_->idle.empty()) {
      line = std::move(rest_->idle.back());
      rest_->idle.pop_back();
    }
  }
  if (line == nullptr) line = std::make_unique<Line>(options_);
  auto trip = std::make_unique<Trip>(std::move(line), std::move(wire), time);
  {
    const std::lock_guard lock(rest_->mutex);
    rest_->under_way.insert(trip.get());
    if (rest_->hung_up) trip->HangUp();
  }
  const bool arrived = trip->WaitFor(time);
  if (!arrived) trip->HangUp();

  const std::lock_guard lock(rest_->mutex);
  rest_->under_way.erase(trip.get());
  if (!arrived) {
    rest_->abandoned.push_back(std::move(trip));
    return Fault::kTooSlow;
  }
  std::variant<Response, Fault> outcome = trip->TakeOutcome();
  const bool healthy = std::holds_alternative<Response>(outcome);
  if (healthy && rest_->idle.size() < kMostIdle) rest_->idle.push_back(trip->TakeLine());
  return outcome;
}

void Exchanger::HangUp() {
  const std::lock_guard lock(rest_->mutex);
  rest_->hung_up = true;
  for (Trip* trip : rest_->under_way) trip->HangUp();
}

}  // namespace papertape::http

#include "gateway/http_server.h"

#include <algorithm>
#include <boost/asio/connect.hpp>
#include <utility>

#include "fmt/format.h"
#include "libs/log/log.h"
#include "libs/status/status.h"

namespace papertape::gateway {
namespace {

namespace asio = boost::asio;
using Tcp = asio::ip::tcp;

// When the process has no file left to accept with.
constexpr std::chrono::milliseconds kAcceptPause{100};
constexpr int kBacklog = 4'096;

absl::StatusOr<Tcp::endpoint> Resolve(const std::string& listen) {
  const std::size_t colon = listen.rfind(':');
  if (colon == std::string::npos) return absl::InvalidArgumentError(fmt::format("{} is not host:port", listen));
  std::string host = listen.substr(0, colon);
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
  asio::io_context context;
  Tcp::resolver resolver(context);
  boost::system::error_code error;
  const auto found = resolver.resolve(host, listen.substr(colon + 1), Tcp::resolver::passive, error);
  if (error) return absl::InvalidArgumentError(fmt::format("{}: {}", listen, error.message()));
  return found.begin()->endpoint();
}

}  // namespace

IoThreads::IoThreads(std::size_t count, std::chrono::milliseconds shortest_timeout, const Clock& clock,
                     const RandomBits& random) {
  using std::chrono::milliseconds;
  const milliseconds sweep = std::clamp<milliseconds>(shortest_timeout / 4, milliseconds(10), milliseconds(1'000));
  for (std::size_t i = 0; i < count; ++i) threads_.push_back(std::make_unique<IoThread>(i, sweep, clock, random));
}

void IoThreads::Start() {
  for (const auto& thread : threads_) thread->Start();
}

void IoThreads::Stop() {
  for (const auto& thread : threads_) thread->Stop();
}

HttpServer::HttpServer(Options options, IoThreads& threads, HttpHandler& handler, const TlsCertificate* certificate)
    : options_(std::move(options)),
      threads_(threads),
      handler_(handler),
      certificate_(certificate),
      count_(std::make_shared<ConnectionCount>(options_.max_connections)),
      acceptor_(threads[0].context()),
      pause_(threads[0].context()) {}

absl::Status HttpServer::Start() {
  PT_ASSIGN_OR_RETURN(const Tcp::endpoint endpoint, Resolve(options_.listen));
  boost::system::error_code error;
  const auto step = [&](auto&& action) {
    if (!error) action();
  };
  step([&] { acceptor_.open(endpoint.protocol(), error); });
  step([&] { acceptor_.set_option(asio::socket_base::reuse_address(true), error); });
  step([&] { acceptor_.bind(endpoint, error); });
  step([&] { acceptor_.listen(kBacklog, error); });
  if (error) return absl::UnavailableError(fmt::format("cannot listen on {}: {}", options_.listen, error.message()));
  port_ = acceptor_.local_endpoint().port();
  threads_[0].Post([this] { Accept(); });
  return absl::OkStatus();
}

void HttpServer::Accept() {
  IoThread& thread = threads_[next_++ % threads_.size()];
  acceptor_.async_accept(thread.context(), [this, &thread](const boost::system::error_code& error, Tcp::socket socket) {
    if (error == asio::error::operation_aborted) return;
    if (!error) {
      Admit(std::move(socket), thread);
      return Accept();
    }
    log::Warning("cannot accept a connection", {{"detail", error.message()}});
    pause_.expires_after(kAcceptPause);
    pause_.async_wait([this](const boost::system::error_code& stopped) {
      if (!stopped) Accept();
    });
  });
}

void HttpServer::Admit(Tcp::socket socket, IoThread& thread) {
  std::optional<ConnectionSlot> slot = ConnectionSlot::Take(count_);
  if (!slot) {
    constexpr std::string_view kFull =
        "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    boost::system::error_code ignored;
    socket.non_blocking(true, ignored);
    if (certificate_ == nullptr) socket.write_some(asio::buffer(kFull), ignored);
    return;
  }
  SslPtr ssl = certificate_ == nullptr ? nullptr : certificate_->NewConnection(socket.native_handle());
  const auto session = std::make_shared<HttpSession>(Wire(std::move(socket), std::move(ssl)), *std::move(slot), thread,
                                                     options_.limits, handler_);
  thread.Post([session] { session->Start(); });
}

void HttpServer::Drain(std::chrono::milliseconds timeout) {
  threads_[0].Post([this] {
    boost::system::error_code ignored;
    acceptor_.close(ignored);
    pause_.cancel();
  });
  threads_.PostToAll([](IoThread& thread) { thread.DrainAll(); });
  if (!count_->WaitUntilNone(timeout)) log::Warning("cutting connections", {{"open", std::uint64_t{count_->open()}}});
  threads_.PostToAll([](IoThread& thread) { thread.AbortAll(); });
}

}  // namespace papertape::gateway

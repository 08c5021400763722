// The gateway's port: accepts connections, spreads them over the I/O threads, holds their number down, and ends them in
// order. Start and Drain are for the thread that owns it.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "gateway/connection_slot.h"
#include "gateway/http_session.h"
#include "gateway/io_thread.h"
#include "gateway/tls.h"
#include "libs/clock/clock.h"
#include "libs/ids/ids.h"

namespace papertape::gateway {

// The I/O threads of the process; made before what runs on them, started after.
class IoThreads {
 public:
  // Sweeps often enough for the shortest of the timeouts.
  IoThreads(std::size_t count, std::chrono::milliseconds shortest_timeout, const Clock& clock,
            const RandomBits& random);
  void Start();
  void Stop();
  [[nodiscard]] std::size_t size() const { return threads_.size(); }
  IoThread& operator[](std::size_t index) { return *threads_[index]; }
  // Runs `task(thread)` on every one of them. Any thread.
  template <class Task>
  void PostToAll(const Task& task) {
    for (const auto& thread : threads_) thread->Post([task, t = thread.get()] { task(*t); });
  }

 private:
  std::vector<std::unique_ptr<IoThread>> threads_;
};

class HttpServer {
 public:
  struct Options {
    std::string listen = "127.0.0.1:8000";  // host:port; port 0 takes a free one
    std::size_t max_connections = 20'000;
    HttpLimits limits;
  };
  // With a certificate (loaded before Start; outlives this) it speaks TLS, and nothing else.
  HttpServer(Options options, IoThreads& threads, HttpHandler& handler, const TlsCertificate* certificate = nullptr);
  // The threads must have stopped.
  ~HttpServer() = default;

  // Listens. After the threads were started.
  absl::Status Start();
  // Refuses new connections, ends idle ones, lets running requests be answered; cuts what is left after `timeout`.
  void Drain(std::chrono::milliseconds timeout);
  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] const ConnectionCount& connections() const { return *count_; }

 private:
  void Accept();
  void Admit(boost::asio::ip::tcp::socket socket, IoThread& thread);

  const Options options_;
  IoThreads& threads_;
  HttpHandler& handler_;
  const TlsCertificate* const certificate_;
  const std::shared_ptr<ConnectionCount> count_;
  boost::asio::ip::tcp::acceptor acceptor_;
  boost::asio::steady_timer pause_;
  std::size_t next_ = 0;
  std::uint16_t port_ = 0;
};

}  // namespace papertape::gateway

// One thread with its own io_context: connections live on one for their whole life, so that nothing they hold needs a
// lock. Beside running them it looks over them now and then for expired deadlines, and keeps what they share: a read
// buffer, the Date header, a cheap source of ids. All members are for its own thread, unless said otherwise.
#pragma once

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <thread>
#include <unordered_set>

#include "libs/clock/clock.h"
#include "libs/ids/ids.h"

namespace papertape::gateway {

// Something open to a client, on one I/O thread.
class Connection {
 public:
  virtual ~Connection() = default;
  // Called a few times within the shortest timeout.
  virtual void Sweep(Instant now) = 0;
  // The process is ending: finish what is being answered, begin nothing.
  virtual void Drain() = 0;
  // Ends at once.
  virtual void Abort() = 0;
};

class IoThread {
 public:
  static constexpr std::size_t kScratchBytes = 65'536;

  IoThread(std::size_t index, std::chrono::milliseconds sweep_every, const Clock& clock, const RandomBits& random);
  ~IoThread();
  IoThread(const IoThread&) = delete;
  IoThread& operator=(const IoThread&) = delete;

  void Start();
  // Runs what is queued, then joins. From another thread.
  void Stop();
  [[nodiscard]] bool IsCurrent() const { return std::this_thread::get_id() == thread_.get_id(); }
  [[nodiscard]] std::size_t index() const { return index_; }
  // Any thread.
  boost::asio::io_context& context() { return context_; }
  // Runs `task` on this thread, later. Any thread.
  void Post(std::function<void()> task);

  // Connections add and remove themselves.
  void Add(Connection& connection) { connections_.insert(&connection); }
  void Remove(Connection& connection) { connections_.erase(&connection); }
  void DrainAll();
  [[nodiscard]] bool draining() const { return draining_; }
  void AbortAll();

  std::array<char, kScratchBytes>& scratch() { return scratch_; }
  // The time now as HTTP writes it; made once a second.
  std::string_view Date();
  [[nodiscard]] Instant Now() const { return clock_.Steady(); }
  const RandomBits& random() { return random_; }

 private:
  void ScheduleSweep();

  const std::size_t index_;
  const std::chrono::milliseconds sweep_every_;
  const Clock& clock_;
  RandomBits random_;
  bool draining_ = false;
  std::unordered_set<Connection*> connections_;  // outlives what the context still holds at the end
  boost::asio::io_context context_{1};
  boost::asio::steady_timer timer_{context_};
  std::array<char, kScratchBytes> scratch_{};
  std::string date_;
  std::chrono::sys_seconds date_second_{};
  std::thread thread_;
};

}  // namespace papertape::gateway

// A place among the connections that the gateway holds at once; given back on destruction. Movable. Thread-safe.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

namespace papertape::gateway {

class ConnectionCount {
 public:
  explicit ConnectionCount(std::size_t most) : most_(most) {}
  [[nodiscard]] std::size_t open() const { return open_; }
  // False when some are still open after `timeout`.
  bool WaitUntilNone(std::chrono::milliseconds timeout) {
    std::unique_lock lock(mutex_);
    return none_.wait_for(lock, timeout, [this] { return open_ == 0; });
  }

 private:
  friend class ConnectionSlot;
  bool Take() {
    if (open_.fetch_add(1) < most_) return true;
    Give();
    return false;
  }
  void Give() {
    if (open_.fetch_sub(1) != 1) return;
    const std::lock_guard lock(mutex_);
    none_.notify_all();
  }

  const std::size_t most_;
  std::atomic<std::size_t> open_{0};
  std::mutex mutex_;
  std::condition_variable none_;
};

class ConnectionSlot {
 public:
  // Nothing when all places are taken.
  static std::optional<ConnectionSlot> Take(std::shared_ptr<ConnectionCount> count) {
    if (!count->Take()) return std::nullopt;
    return ConnectionSlot(std::move(count));
  }
  ConnectionSlot(ConnectionSlot&&) noexcept = default;
  ConnectionSlot& operator=(ConnectionSlot&&) = delete;
  ~ConnectionSlot() {
    if (count_ != nullptr) count_->Give();
  }

 private:
  explicit ConnectionSlot(std::shared_ptr<ConnectionCount> count) : count_(std::move(count)) {}
  std::shared_ptr<ConnectionCount> count_;  // null once moved from
};

}  // namespace papertape::gateway

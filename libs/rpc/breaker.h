// A circuit breaker: three failures in a row open it, calls then fail at once for ten seconds, after which one call is
// let through and its outcome decides. A failure is a peer that cannot be reached or does not answer in time; an answer
// of any other kind is health. Thread-safe.
#pragma once

#include <grpcpp/support/status.h>

#include <chrono>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "libs/clock/clock.h"

namespace papertape::rpc {

class Breaker {
 public:
  static constexpr int kFailures = 3;
  static constexpr std::chrono::seconds kOpenFor{10};

  enum class State { kClosed = 0, kHalfOpen = 1, kOpen = 2 };  // half open: one call is on its way to find out

  // `entered(state)` is called at each change, under the breaker's lock.
  Breaker(std::string name, const Clock& clock, std::function<void(State)> entered = {})
      : name_(std::move(name)), clock_(clock), entered_(std::move(entered)) {}
  // OK, or UNAVAILABLE with the time until the next try.
  absl::Status Allow();
  // How the call ended that was allowed.
  void Record(bool failed);
  [[nodiscard]] State state() const;

 private:
  void Enter(State state);

  const std::string name_;
  const Clock& clock_;
  const std::function<void(State)> entered_;
  mutable std::mutex mutex_;
  State state_ = State::kClosed;
  int failures_ = 0;
  Instant opened_at_;
};

std::string_view NameOf(Breaker::State state);  // "closed", "half_open", "open"

// Whether the peer was not reached, or did not answer in time. UNAVAILABLE that the peer itself has said (it carries
// our details) is an answer.
bool IsOutage(const grpc::Status& outcome);

}  // namespace papertape::rpc

// A circuit breaker: three failures in a row open it, calls then fail at once for ten seconds, after which one call is
// let through and its outcome decides. A failure is UNAVAILABLE or DEADLINE_EXCEEDED: an answer of any other kind is
// health.
#pragma once

#include <chrono>
#include <mutex>
#include <string>

#include "absl/status/status.h"
#include "libs/clock/clock.h"

namespace papertape::rpc {

class Breaker {
 public:
  static constexpr int kFailures = 3;
  static constexpr std::chrono::seconds kOpenFor{10};

  Breaker(std::string name, const Clock& clock) : name_(std::move(name)), clock_(clock) {}
  // OK, or UNAVAILABLE with the time until the next try.
  absl::Status Allow();
  void Record(const absl::Status& outcome);

 private:
  const std::string name_;
  const Clock& clock_;
  std::mutex mutex_;
  int failures_ = 0;
  bool probing_ = false;
  Instant opened_at_;
};

}  // namespace papertape::rpc

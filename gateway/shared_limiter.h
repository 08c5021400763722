// Limits that hold for all gateways together: buckets live in Redis and are counted by one script, by Redis's own
// clock. Each I/O thread has a connection of its own; what its connections ask within one turn of its loop goes to
// Redis in one command, and no thread waits for the answer. While Redis is away, or too slow, requests are counted in
// this process's memory, or refused, as the setting has it. Thread-safe.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "gateway/http_server.h"
#include "gateway/rate_limiter.h"

namespace papertape::gateway {

class SharedLimiter {
 public:
  struct Options {
    std::string redis_url;                        // empty: this process counts for itself
    std::chrono::milliseconds redis_timeout{50};  // a request is not held up longer by a Redis that does not answer
    bool refuse_without_redis = false;            // else memory counts
  };
  using Done = std::function<void(const absl::StatusOr<RateDecision>& decision)>;

  // Made before the threads are started, destroyed after they have stopped.
  SharedLimiter(Options options, IoThreads& threads);
  ~SharedLimiter();

  // Counts one request. On `thread`, where `done` is called once, also within the call: UNAVAILABLE when it cannot be
  // counted and must not pass.
  void Count(const RateBucket& bucket, IoThread& thread, Done done);

 private:
  class Line;
  absl::StatusOr<RateDecision> CountWithoutRedis(const RateBucket& bucket, Instant now);
  void Note(bool redis_is_away);

  const Options options_;
  RateLimiter memory_;
  std::vector<std::unique_ptr<Line>> lines_;  // by I/O thread; none when this process counts for itself
  std::atomic<bool> away_{false};
};

}  // namespace papertape::gateway

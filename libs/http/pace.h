// How often somebody may be asked. Counts the requests of every window that ends now, whatever the provider's own
// window begins with: a bucket that refills would let through twice its size around the turn of the minute. Turns are
// given in the order in which they were asked for. Thread-safe.
#pragma once

#include <chrono>
#include <deque>
#include <mutex>
#include <vector>

#include "libs/clock/clock.h"

namespace papertape::http {

// At most `requests` in any `window`; 0 for no limit.
struct Limit {
  std::int64_t requests = 0;
  std::chrono::milliseconds window{60'000};
};

class Pace {
 public:
  explicit Pace(std::vector<Limit> limits);

  struct Turn {
    bool taken = false;
    Instant at;  // when the request may go out
  };
  // Takes the next turn if it comes by `latest`; says when it would come otherwise.
  Turn Take(Instant now, Instant latest);
  // Gives back a turn that was taken and not used.
  void GiveBack(const Turn& turn);
  // No turns before `until`: the provider has asked for it.
  void PauseUntil(Instant until);
  // The distance at which requests would just be let through; zero without a limit.
  [[nodiscard]] std::chrono::milliseconds Distance() const;

 private:
  [[nodiscard]] Instant Next(Instant now) const;

  const std::vector<Limit> limits_;
  std::size_t kept_ = 0;  // the most requests of any limit
  mutable std::mutex mutex_;
  std::deque<Instant> turns_;  // the newest, ascending
  Instant paused_until_;
};

}  // namespace papertape::http

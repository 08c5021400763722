// Follows the stream `events.auth` into the process's list of ended sessions: first what was told within the longest
// life of an access token, then news as they come, about a millisecond after auth has committed them. One thread; while
// Redis is away it tries again and goes on where it stopped, and the list knows that it is not being told. Thread-safe.
#pragma once

#include <string>

#include "libs/auth/revocations.h"
#include "libs/clock/clock.h"
#include "libs/events/repeating_thread.h"
#include "libs/redis/redis.h"

namespace papertape::rpc {

inline constexpr char kAuthStream[] = "events.auth";

class RevocationTail {
 public:
  // `revocations` outlives this. An empty `redis_url`: nothing is followed.
  RevocationTail(std::string redis_url, auth::Revocations& revocations, const Clock& clock);
  // Has read what was told before, unless Redis is away.
  void Start();
  void Stop() { thread_.Stop(); }
  // Reads once, waiting up to `block` for news. What the thread does in a loop; one thread at a time.
  absl::Status ReadOnce(std::chrono::milliseconds block);

 private:
  void Apply(const redis::StreamEntry& entry);

  const bool follows_;
  redis::Client redis_;
  auth::Revocations& revocations_;
  std::string position_;  // of the last entry read
  bool caught_up_ = false;
  events::RepeatingThread thread_;  // last: it uses the others
};

}  // namespace papertape::rpc

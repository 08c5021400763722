// Follows the Redis stream of committed feed entries from its end on and hands them over in order, each once. One
// thread; while Redis is away it tries again, and goes on where it stopped.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "libs/events/repeating_thread.h"
#include "libs/redis/redis.h"
#include "services/notification/domain/recent_ids.h"

namespace papertape::notification {

class FeedTail {
 public:
  // Serialized entries, on the tail's own thread.
  using Sink = std::function<void(const std::vector<std::string>&)>;
  FeedTail(redis::Client& redis, std::string stream, Sink sink);
  // Finds the stream's end before it returns: what is appended afterwards is handed over.
  absl::Status Start();
  void Stop() { thread_.Stop(); }
  // OK while the last read succeeded: the readiness probe.
  absl::Status Health() const { return thread_.Health(); }

 private:
  absl::Status FindEnd();
  absl::StatusOr<std::chrono::milliseconds> ReadOnce();

  redis::Client& redis_;
  const std::string stream_;
  const Sink sink_;
  std::string position_;  // of the last entry handed over
  RecentIds seen_;
  events::RepeatingThread thread_;  // last: it uses the others
};

}  // namespace papertape::notification

// Sessions that ended before their access tokens expire. Each process holds the whole list in memory and is told of new
// ones by the stream `events.auth`: a look costs no message. A process that has lost the stream may honour a token of
// a session that has ended meanwhile, or refuse them all: that is a setting. Thread-safe.
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "absl/status/status.h"
#include "libs/clock/clock.h"
#include "libs/config/settings.h"

namespace papertape::auth {

// What becomes of tokens while the stream cannot be heard.
enum class WithoutRedis { kServe, kRefuse };
// PAPERTAPE_WITHOUT_REDIS.
WithoutRedis ReadWithoutRedis(Settings& settings);

class Revocations {
 public:
  // On the thread that revokes, once a session.
  using Listener = std::function<void(const std::string& session_id)>;

  explicit Revocations(const Clock& clock, WithoutRedis without_redis = WithoutRedis::kServe)
      : clock_(clock), without_redis_(without_redis) {}

  // The last access token of the session has expired at `until`; from then on there is nothing to remember. Telling of
  // the same session again does nothing.
  void Revoke(const std::string& session_id, Timestamp until);
  // Whether the stream is being heard, all of it up to now.
  void SetHearing(bool hearing) { hearing_ = hearing; }
  // SESSION_ENDED for a session on the list; UNAVAILABLE while the stream is not heard and the setting says `refuse`.
  [[nodiscard]] absl::Status Check(std::string_view session_id) const;
  // Before any thread revokes.
  void Listen(Listener listener) { listeners_.push_back(std::move(listener)); }
  [[nodiscard]] std::size_t size() const;

 private:
  static constexpr std::size_t kSweepAt = 1'024;  // entries added between two sweeps

  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };
  void Sweep();

  const Clock& clock_;
  const WithoutRedis without_redis_;
  std::atomic<bool> hearing_{true};
  mutable std::shared_mutex mutex_;
  std::unordered_map<std::string, Timestamp, Hash, std::equal_to<>> until_;
  std::size_t added_ = 0;
  std::vector<Listener> listeners_;
};

}  // namespace papertape::auth

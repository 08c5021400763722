#include "libs/auth/revocations.h"

#include "libs/status/status.h"

namespace papertape::auth {
namespace {

constexpr std::int64_t kAskAgainMs = 1'000;

}  // namespace

WithoutRedis ReadWithoutRedis(Settings& settings) {
  return settings.OneOf("PAPERTAPE_WITHOUT_REDIS", "serve", {"serve", "refuse"}) == "refuse" ? WithoutRedis::kRefuse
                                                                                             : WithoutRedis::kServe;
}

void Revocations::Revoke(const std::string& session_id, Timestamp until) {
  if (session_id.empty() || until <= clock_.Now()) return;
  {
    const std::unique_lock lock(mutex_);
    const auto [entry, is_new] = until_.try_emplace(session_id, until);
    if (!is_new) {
      entry->second = std::max(entry->second, until);
      return;
    }
    if (++added_ >= kSweepAt) Sweep();
  }
  for (const Listener& listener : listeners_) listener(session_id);
}

// The tokens of these sessions have expired by themselves.
void Revocations::Sweep() {
  const Timestamp now = clock_.Now();
  std::erase_if(until_, [&](const auto& entry) { return entry.second <= now; });
  added_ = 0;
}

absl::Status Revocations::Check(std::string_view session_id) const {
  if (without_redis_ == WithoutRedis::kRefuse && !hearing_) {
    return WithRetryAfter(Error(Reason::kUNAVAILABLE, "Whether the session still runs cannot be told now."),
                          kAskAgainMs);
  }
  const std::shared_lock lock(mutex_);
  return until_.contains(session_id) ? Error(Reason::kSESSION_ENDED) : absl::OkStatus();
}

std::size_t Revocations::size() const {
  const std::shared_lock lock(mutex_);
  return until_.size();
}

}  // namespace papertape::auth

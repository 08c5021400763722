#include "libs/rpc/breaker.h"

#include "fmt/format.h"
#include "libs/status/status.h"

namespace papertape::rpc {

absl::Status Breaker::Allow() {
  const std::lock_guard lock(mutex_);
  if (failures_ < kFailures) return absl::OkStatus();
  const auto open_for = clock_.Steady() - opened_at_;
  if (open_for >= kOpenFor && !probing_) {
    probing_ = true;
    return absl::OkStatus();
  }
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(kOpenFor - open_for).count();
  return WithRetryAfter(Error(Reason::kUNAVAILABLE, fmt::format("{} is not available; try again shortly.", name_)),
                        std::max<std::int64_t>(left, 1'000));
}

void Breaker::Record(const absl::Status& outcome) {
  const std::lock_guard lock(mutex_);
  probing_ = false;
  if (!absl::IsUnavailable(outcome) && !absl::IsDeadlineExceeded(outcome)) {
    failures_ = 0;
    return;
  }
  if (++failures_ >= kFailures) opened_at_ = clock_.Steady();
}

}  // namespace papertape::rpc

#include "libs/rpc/breaker.h"

#include <algorithm>

#include "fmt/format.h"
#include "libs/status/status.h"

namespace papertape::rpc {

absl::Status Breaker::Allow() {
  const std::lock_guard lock(mutex_);
  if (state_ == State::kClosed) return absl::OkStatus();
  const auto open_for = clock_.Steady() - opened_at_;
  if (open_for >= kOpenFor && state_ == State::kOpen) {
    Enter(State::kHalfOpen);
    return absl::OkStatus();
  }
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(kOpenFor - open_for).count();
  return WithRetryAfter(Error(Reason::kUNAVAILABLE, fmt::format("{} is not available; try again shortly.", name_)),
                        std::max<std::int64_t>(left, 1'000));
}

void Breaker::Record(bool failed) {
  const std::lock_guard lock(mutex_);
  if (!failed) {
    failures_ = 0;
    return Enter(State::kClosed);
  }
  if (++failures_ < kFailures && state_ == State::kClosed) return;
  opened_at_ = clock_.Steady();
  Enter(State::kOpen);
}

Breaker::State Breaker::state() const {
  const std::lock_guard lock(mutex_);
  return state_;
}

void Breaker::Enter(State state) {
  if (std::exchange(state_, state) != state && entered_) entered_(state);
}

std::string_view NameOf(Breaker::State state) {
  switch (state) {
    case Breaker::State::kClosed:
      return "closed";
    case Breaker::State::kHalfOpen:
      return "half_open";
    case Breaker::State::kOpen:
      return "open";
  }
  return "";
}

bool IsOutage(const grpc::Status& outcome) {
  if (outcome.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED) return true;
  return outcome.error_code() == grpc::StatusCode::UNAVAILABLE && outcome.error_details().empty();
}

}  // namespace papertape::rpc

#include "libs/http/pace.h"

#include <algorithm>
#include <utility>

namespace papertape::http {

Pace::Pace(std::vector<Limit> limits) : limits_(std::move(limits)) {
  for (const Limit& limit : limits_) kept_ = std::max(kept_, static_cast<std::size_t>(limit.requests));
}

Pace::Turn Pace::Take(Instant now, Instant latest) {
  const std::lock_guard lock(mutex_);
  const Instant at = Next(now);
  if (at > latest) return {.taken = false, .at = at};
  turns_.push_back(at);
  if (turns_.size() > kept_) turns_.pop_front();
  return {.taken = true, .at = at};
}

void Pace::GiveBack(const Turn& turn) {
  const std::lock_guard lock(mutex_);
  const auto found = std::find(turns_.rbegin(), turns_.rend(), turn.at);
  if (found != turns_.rend()) turns_.erase(std::next(found).base());
}

void Pace::PauseUntil(Instant until) {
  const std::lock_guard lock(mutex_);
  paused_until_ = std::max(paused_until_, until);
}

std::chrono::milliseconds Pace::Distance() const {
  std::chrono::milliseconds distance{0};
  for (const Limit& limit : limits_) {
    if (limit.requests > 0) distance = std::max(distance, limit.window / limit.requests);
  }
  return distance;
}

Instant Pace::Next(Instant now) const {
  Instant at = std::max(now, paused_until_);
  if (!turns_.empty()) at = std::max(at, turns_.back());
  for (const Limit& limit : limits_) {
    const auto requests = static_cast<std::size_t>(limit.requests);
    if (requests > 0 && turns_.size() >= requests) at = std::max(at, turns_[turns_.size() - requests] + limit.window);
  }
  return at;
}

}  // namespace papertape::http

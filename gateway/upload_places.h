// Places for bodies larger than the usual limit: so many at once, so many of one user, so that what uploads hold in
// memory is bounded whoever sends them and however slowly. Thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "libs/status/status.h"

namespace papertape::gateway {

class UploadPlaces {
 public:
  static constexpr std::size_t kMostOfUser = 2;

  explicit UploadPlaces(std::size_t most) : taken_(std::make_shared<Taken>()), most_(most) {}

  // The place is given back when the last copy of the pointer goes. RATE_LIMITED when the user has two already;
  // OVERLOADED when all are taken.
  absl::StatusOr<std::shared_ptr<const void>> Take(std::int64_t user_id) {
    constexpr std::int64_t kRetryAfterMs = 5'000;
    const std::lock_guard lock(taken_->mutex);
    if (taken_->of_user[user_id] >= kMostOfUser) {
      return WithRetryAfter(Error(Reason::kRATE_LIMITED, "You are uploading already; wait until that is done."),
                            kRetryAfterMs);
    }
    if (taken_->all >= most_) {
      if (taken_->of_user[user_id] == 0) taken_->of_user.erase(user_id);
      return WithRetryAfter(Error(Reason::kOVERLOADED), kRetryAfterMs);
    }
    ++taken_->all;
    ++taken_->of_user[user_id];
    return std::shared_ptr<const void>(taken_.get(), [taken = taken_, user_id](const void*) { taken->Give(user_id); });
  }

 private:
  struct Taken {
    void Give(std::int64_t user_id) {
      const std::lock_guard lock(mutex);
      --all;
      const auto user = of_user.find(user_id);
      if (--user->second == 0) of_user.erase(user);
    }
    std::mutex mutex;
    std::size_t all = 0;
    std::unordered_map<std::int64_t, std::size_t> of_user;
  };

  const std::shared_ptr<Taken> taken_;
  const std::size_t most_;
};

}  // namespace papertape::gateway

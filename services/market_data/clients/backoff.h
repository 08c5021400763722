// How long to wait before the next attempt: twice as long each time up to a limit, and somewhere between half of that
// and all of it, so that many who failed together do not come back together. Not thread-safe.
#pragma once

#include <algorithm>
#include <chrono>
#include <utility>

#include "libs/ids/ids.h"

namespace papertape::market {

class Backoff {
 public:
  Backoff(std::chrono::milliseconds first, std::chrono::milliseconds longest, RandomBits random)
      : first_(first), longest_(longest), random_(std::move(random)) {}
  std::chrono::milliseconds Next() {
    const auto whole = next_.count() > 0 ? next_ : first_;
    next_ = std::min(2 * whole, longest_);
    const auto half = std::max<std::int64_t>(whole.count() / 2, 1);
    return std::max(
        first_, std::chrono::milliseconds(whole.count() - half +
                                          static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(half + 1))));
  }
  void Reset() { next_ = {}; }

 private:
  const std::chrono::milliseconds first_;
  const std::chrono::milliseconds longest_;
  std::chrono::milliseconds next_{0};
  RandomBits random_;
};

}  // namespace papertape::market

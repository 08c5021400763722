// The last ids that were seen, as many as `capacity`: tells a repetition from news where a stream may repeat itself.
// Not thread-safe.
#pragma once

#include <cstddef>
#include <deque>
#include <string>
#include <unordered_set>

namespace papertape::notification {

class RecentIds {
 public:
  explicit RecentIds(std::size_t capacity) : capacity_(capacity) {}
  // False when `id` is among the last ones; remembers it otherwise.
  bool Add(const std::string& id) {
    if (!known_.insert(id).second) return false;
    order_.push_back(id);
    if (order_.size() > capacity_) {
      known_.erase(order_.front());
      order_.pop_front();
    }
    return true;
  }

 private:
  const std::size_t capacity_;
  std::deque<std::string> order_;
  std::unordered_set<std::string> known_;
};

}  // namespace papertape::notification

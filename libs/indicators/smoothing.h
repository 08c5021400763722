// Exponential smoothing, as stages of algorithms; see window.h for the manner.
#pragma once

#include <cstddef>

#include "libs/indicators/window.h"

namespace papertape::indicators {

// e += weight * (x - e), seeded with the mean of the first `seed_count` values.
//
// In groups: with `first` the group's first value and y the same recursion over x - first, begun at 0,
// e = base + y + (1 - (1 - weight)^(j+1)) * (first - base): the next group waits for one such move, not for four, and
// constant values give that constant exactly.
class Ema {
 public:
  Ema(double weight, std::size_t seed_count) : weight_(weight), seed_count_(seed_count) {
    double kept = 1;
    for (std::size_t j = 0; j < kGroup; ++j) reach_[j] = 1 - (kept *= 1 - weight);
  }
  static Ema Standard(std::size_t n) { return {2.0 / (static_cast<double>(n) + 1), n}; }
  static Ema Wilder(std::size_t n) { return {1.0 / static_cast<double>(n), n}; }

  [[nodiscard]] bool filled() const { return seen_ == seed_count_; }
  // Instead of a mean.
  void Seed(double value) {
    base_ = All(value);
    seen_ = seed_count_;
  }

  template <bool kFull, class V>
  PT_INLINE V Step(V x) {
    if constexpr (!kFull) {
      if (!filled()) {
        if (seen_ == 0) first_ = x;
        sum_ += x - first_;  // around the first value, so that constants are exact here too
        if (++seen_ == seed_count_) base_ = All(first_ + sum_ / static_cast<double>(seed_count_));
      } else {
        base_ += weight_ * (x - base_);
      }
      return base_[0];
    }
    const Pack values = group_.Gather(x);
    const Pack first = First(values);
    const double kept = 1 - weight_;
    Pack y = weight_ * (values - first);
    y += kept * Later1(y, Pack{});
    y += kept * kept * Later2(y, Pack{});
    const V smooth = group_.Pick<V>((base_ + y) + reach_ * (first - base_));
    if (group_.Ends<V>()) base_ = (base_ + Last(y)) + Last(reach_) * (first - base_);
    return smooth;
  }

 private:
  Pack reach_{};
  Pack base_{};  // in all lanes
  Group group_;
  double weight_;
  double first_ = 0;
  double sum_ = 0;
  std::size_t seed_count_;
  std::size_t seen_ = 0;
};

// e += w * (x - e), where each value brings its own weight w, 0 to 1. With 0 it stays, with 1 it is x, both exactly.
// In groups: the steps e -> keep * e + gain are joined first, and then done at once.
class Pursuit {
 public:
  PT_INLINE void Seed(double value) { base_ = All(value); }

  template <bool kFull, class V>
  PT_INLINE V Step(V x, V weight) {
    if constexpr (!kFull) {
      base_ = (1.0 - weight) * base_ + weight * x;
      return base_[0];
    }
    Pack keep = keeps_.Gather(V{} + 1.0 - weight);
    Pack gain = gains_.Gather(weight * x);
    gain += keep * Later1(gain, Pack{});
    keep *= Later1(keep, All(1));
    gain += keep * Later2(gain, Pack{});
    keep *= Later2(keep, All(1));
    const V now = gains_.Pick<V>(keep * base_ + gain);
    keeps_.Ends<V>();
    if (gains_.Ends<V>()) base_ = Last(keep) * base_ + Last(gain);
    return now;
  }

 private:
  Pack base_{};  // in all lanes
  Group keeps_;
  Group gains_;
};

}  // namespace papertape::indicators

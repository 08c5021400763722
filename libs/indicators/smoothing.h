// Exponential smoothing, as a stage of algorithms; see window.h for the manner.
#pragma once

#include <array>
#include <cstddef>

#include "libs/indicators/window.h"

namespace papertape::indicators {

// e += weight * (x - e), seeded with the mean of the first `seed_count` values.
//
// In groups: within a group of bars a weighted mean of the group's own values runs (`mean_`), and e is the value before
// the group, moved towards that mean: the next group waits for one such move, not for four. Constant values give that
// constant exactly.
class Ema {
 public:
  Ema(double weight, std::size_t seed_count) : seed_count_(seed_count) {
    double kept = 1;  // (1 - weight) ^ bars in the group
    for (std::size_t j = 0; j < kGroup; ++j) {
      kept *= 1 - weight;
      reach_[j] = 1 - kept;
      share_[j] = j == 0 ? 1 : weight / reach_[j];
    }
  }
  static Ema Standard(std::size_t n) { return {2.0 / (static_cast<double>(n) + 1), n}; }
  static Ema Wilder(std::size_t n) { return {1.0 / static_cast<double>(n), n}; }

  [[nodiscard]] bool filled() const { return seen_ == seed_count_; }
  // Instead of a mean.
  void Seed(double value) {
    base_ = value;
    seen_ = seed_count_;
  }

  template <bool kFull>
  PT_INLINE double Step(double x) {
    if constexpr (!kFull) {
      if (!filled()) {
        if (seen_ == 0) first_ = x;
        sum_ += x - first_;  // around the first value, so that constants are exact here too
        if (++seen_ == seed_count_) base_ = first_ + sum_ / static_cast<double>(seed_count_);
        return base_;
      }
    }
    mean_ += share_[in_group_] * (x - mean_);
    const double value = base_ + reach_[in_group_] * (mean_ - base_);
    if (++in_group_ == kGroup) [[unlikely]] {
      base_ = value;
      mean_ = 0;
      in_group_ = 0;
    }
    return value;
  }

 private:
  std::array<double, kGroup> reach_{};
  std::array<double, kGroup> share_{};
  double base_ = 0;
  double mean_ = 0;
  std::size_t in_group_ = 0;
  double first_ = 0;
  double sum_ = 0;
  std::size_t seed_count_;
  std::size_t seen_ = 0;
};

}  // namespace papertape::indicators

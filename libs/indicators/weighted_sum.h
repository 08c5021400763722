// Linearly weighted sums of the last n values: what WMA, Hull's average and linear regression are made of.
#pragma once

#include <algorithm>
#include <cstddef>

#include "libs/indicators/window.h"

namespace papertape::indicators {

// Sums of (x - origin) over the last n, plain and weighted 1 (oldest) to n (newest). The origin is a value of the
// window when the sums were last recomputed; it keeps them small, so that little is lost to rounding.
struct WeightedSums {
  double origin;
  double plain;
  double weighted;
};

class WindowWeightedSum {
 public:
  explicit WindowWeightedSum(std::size_t n)
      : n_(n), length_(static_cast<double>(n)), period_(std::max<std::size_t>(1024, 8 * n)) {}

  [[nodiscard]] bool filled() const { return seen_ == n_; }

  // x[0] .. x[-n] as for WindowSum.
  template <bool kFull>
  PT_INLINE WeightedSums Step(const double* x) {
    if constexpr (!kFull) {
      if (!filled()) {
        if (seen_ == 0) origin_ = *x;
        plain_base_ += *x - origin_;
        weighted_base_ += static_cast<double>(++seen_) * (*x - origin_);
        return {origin_, plain_base_, weighted_base_};
      }
    }
    const double newest = *x - origin_;
    const double leaving = *(x - n_) - origin_;
    weighted_part_ += length_ * newest - (plain_base_ + plain_part_);
    plain_part_ += newest - leaving;
    const WeightedSums sums = {origin_, plain_base_ + plain_part_, weighted_base_ + weighted_part_};
    if (--left_ % kGroup == 0) [[unlikely]] {
      plain_base_ = sums.plain;
      weighted_base_ = sums.weighted;
      plain_part_ = weighted_part_ = 0;
      if (left_ == 0) Anchor(x);
    }
    return sums;
  }

 private:
  PT_INLINE void Anchor(const double* x) {
    origin_ = *x;
    plain_base_ = weighted_base_ = 0;
    for (std::size_t ago = n_; ago-- > 0;) {
      const double value = *(x - ago) - origin_;
      plain_base_ += value;
      weighted_base_ += static_cast<double>(n_ - ago) * value;
    }
    left_ = period_;
  }

  std::size_t n_;
  double length_;
  std::size_t period_;
  std::size_t left_ = kGroup;
  double origin_ = 0;
  double plain_base_ = 0;
  double plain_part_ = 0;
  double weighted_base_ = 0;
  double weighted_part_ = 0;
  std::size_t seen_ = 0;
};

// The weighted mean.
class WindowWeightedMean {
 public:
  explicit WindowWeightedMean(std::size_t n)
      : sums_(n), scale_(2.0 / (static_cast<double>(n) * (static_cast<double>(n) + 1))) {}
  [[nodiscard]] bool filled() const { return sums_.filled(); }
  template <bool kFull>
  PT_INLINE double Step(const double* x) {
    const WeightedSums sums = sums_.template Step<kFull>(x);
    return sums.origin + sums.weighted * scale_;
  }

 private:
  WindowWeightedSum sums_;
  double scale_;
};

}  // namespace papertape::indicators

// Linearly weighted sums of the last n values: what WMA, Hull's average and linear regression are made of.
#pragma once

#include <algorithm>
#include <cstddef>

#include "libs/indicators/window.h"

namespace papertape::indicators {

// Sums of (x - origin) over the last n, plain and weighted 1 (oldest) to n (newest). The origin is a value of the
// window when the sums were last recomputed; it keeps them small, so that little is lost to rounding.
template <class V>
struct WeightedSums {
  double origin;
  V plain;
  V weighted;
};

class WindowWeightedSum {
 public:
  explicit WindowWeightedSum(std::size_t n)
      : n_(n), length_(static_cast<double>(n)), period_(std::max<std::size_t>(512, 8 * n) / kGroup) {}

  [[nodiscard]] bool filled() const { return seen_ == n_; }

  template <bool kFull, class V>
  PT_INLINE WeightedSums<V> Step(Series<V> x) {
    if constexpr (!kFull) {
      if (!filled()) {
        if (seen_ == 0) origin_ = *x;
        const double away = *x - origin_;
        return {origin_, plain_.Add<false>(away), weighted_.Add<false>(static_cast<double>(++seen_) * away)};
      }
    }
    if (kFull && left_ == 0) [[unlikely]]
      Recompute((x - 1).At(0));
    const V newest = *x - origin_;
    const V change = newest - (*(x - n_) - origin_);
    const V plain = plain_.Add<kFull>(change);
    // With each bar all weights fall by 1, the newest has n.
    const V weighted = weighted_.Add<kFull>(length_ * newest - (plain - change));
    if (plain_.ends()) --left_;
    return {origin_, plain, weighted};
  }

 private:
  // Of the window that ends at `x`.
  PT_INLINE void Recompute(Series<double> x) {
    origin_ = *x;
    double plain = 0;
    double weighted = 0;
    for (std::size_t ago = n_; ago-- > 0;) {
      const double value = *(x - ago) - origin_;
      plain += value;
      weighted += static_cast<double>(n_ - ago) * value;
    }
    plain_.Set(plain);
    weighted_.Set(weighted);
    left_ = period_;
  }

  std::size_t n_;
  double length_;
  std::size_t period_;  // groups between recomputations
  std::size_t left_ = 0;
  std::size_t seen_ = 0;
  double origin_ = 0;
  RunningTotal plain_;
  RunningTotal weighted_;
};

// The weighted mean.
class WindowWeightedMean {
 public:
  explicit WindowWeightedMean(std::size_t n)
      : sums_(n), scale_(2.0 / (static_cast<double>(n) * (static_cast<double>(n) + 1))) {}
  [[nodiscard]] bool filled() const { return sums_.filled(); }
  template <bool kFull, class V>
  PT_INLINE V Step(Series<V> x) {
    const WeightedSums<V> sums = sums_.template Step<kFull>(x);
    return sums.weighted * scale_ + sums.origin;
  }

 private:
  WindowWeightedSum sums_;
  double scale_;
};

}  // namespace papertape::indicators

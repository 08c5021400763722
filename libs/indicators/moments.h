// Mean, variance and covariance of the last n values, as stages of algorithms; see window.h for the manner.
//
// Everything is summed around an origin, a value of the window when the sums were last recomputed: what is left of
// small deviations of large prices is not rounding noise, and constant prices have a variance of exactly 0.
#pragma once

#include <cstddef>

#include "libs/indicators/window.h"

namespace papertape::indicators {

class WindowMean {
 public:
  explicit WindowMean(std::size_t n) : sum_(n), scale_(1.0 / static_cast<double>(n)) {}
  [[nodiscard]] bool filled() const { return sum_.filled(); }

  template <bool kFull, class V>
  PT_INLINE V Step(Series<V> x) {
    const auto [sum] =
        sum_.template Step<kFull, V>([&](std::size_t ago) { return std::array<V, 1>{*(x - ago) - origin_}; },
                                     [&](std::size_t ago) { origin_ = *(x - ago).At(0); });
    return sum * scale_ + origin_;
  }

 private:
  WindowSums<1> sum_;
  double scale_;
  double origin_ = 0;
};

template <class V>
struct Moments {
  V mean;
  V variance;  // of the population: divided by n. 0 when less than kEpsilon
};

class WindowMoments {
 public:
  explicit WindowMoments(std::size_t n) : sums_(n), scale_(1.0 / static_cast<double>(n)) {}
  [[nodiscard]] bool filled() const { return sums_.filled(); }

  template <bool kFull, class V>
  PT_INLINE Moments<V> Step(Series<V> x) {
    const auto [sum, squares] = sums_.template Step<kFull, V>(
        [&](std::size_t ago) {
          const V away = *(x - ago) - origin_;
          return std::array<V, 2>{away, away * away};
        },
        [&](std::size_t ago) { origin_ = *(x - ago).At(0); });
    const V mean = sum * scale_;
    const V variance = squares * scale_ - mean * mean;
    return {mean + origin_, variance < kEpsilon ? V{} : variance};
  }

 private:
  WindowSums<2> sums_;
  double scale_;
  double origin_ = 0;
};

// n times the (co)variances of two series.
template <class V>
struct Comoments {
  V xx;
  V yy;
  V xy;
};

class WindowComoments {
 public:
  explicit WindowComoments(std::size_t n) : sums_(n), scale_(1.0 / static_cast<double>(n)) {}
  [[nodiscard]] bool filled() const { return sums_.filled(); }

  template <bool kFull, class V>
  PT_INLINE Comoments<V> Step(Series<V> x, Series<V> y) {
    const auto [a, b, aa, bb, ab] = sums_.template Step<kFull, V>(
        [&](std::size_t ago) {
          const V u = *(x - ago) - x_origin_;
          const V v = *(y - ago) - y_origin_;
          return std::array<V, 5>{u, v, u * u, v * v, u * v};
        },
        [&](std::size_t ago) {
          x_origin_ = *(x - ago).At(0);
          y_origin_ = *(y - ago).At(0);
        });
    return {aa - a * a * scale_, bb - b * b * scale_, ab - a * b * scale_};
  }

 private:
  WindowSums<5> sums_;
  double scale_;
  double x_origin_ = 0;
  double y_origin_ = 0;
};

// Mean of |x - mean| over the last n.
template <class V>
PT_INLINE V MeanDeviation(Series<V> x, std::size_t n, V mean) {
  const auto away = [&](std::size_t ago) { return Abs(*(x - ago) - mean); };
  V sum{};
  std::size_t ago = 0;
  for (; ago + 4 <= n; ago += 4) sum += (away(ago) + away(ago + 1)) + (away(ago + 2) + away(ago + 3));
  for (; ago < n; ++ago) sum += away(ago);
  return sum / static_cast<double>(n);
}

}  // namespace papertape::indicators

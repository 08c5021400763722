// Mean, variance and covariance of the last n values, as stages of algorithms; see window.h for the manner.
//
// Everything is summed around an origin, a value of the window when the sums were last recomputed: what is left of
// small deviations of large prices is not rounding noise, and constant prices have a variance of exactly 0.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "libs/indicators/window.h"

namespace papertape::indicators {

// A running sum in groups (README.md); the classes below count the groups.
class GroupedSum {
 public:
  PT_INLINE void Fill(double term) { base_ += term; }
  PT_INLINE double Add(double delta) {
    part_ += delta;
    return base_ + part_;
  }
  PT_INLINE void Fold(double sum) {
    base_ = sum;
    part_ = 0;
  }
  [[nodiscard]] PT_INLINE double base() const { return base_; }

 private:
  double base_ = 0;
  double part_ = 0;
};

class WindowMean {
 public:
  explicit WindowMean(std::size_t n)
      : n_(n), period_(std::max<std::size_t>(256, 4 * n)), scale_(1.0 / static_cast<double>(n)) {}
  [[nodiscard]] bool filled() const { return seen_ == n_; }

  template <bool kFull>
  PT_INLINE double Step(const double* x) {
    if constexpr (!kFull) {
      if (!filled()) {
        if (seen_++ == 0) origin_ = *x;
        sum_.Fill(*x - origin_);
        return origin_ + sum_.base() * scale_;
      }
    }
    const double sum = sum_.Add((*x - origin_) - (*(x - n_) - origin_));
    const double mean = origin_ + sum * scale_;
    if (--left_ % kGroup == 0) [[unlikely]] {
      sum_.Fold(sum);
      if (left_ == 0) Anchor(x);
    }
    return mean;
  }

 private:
  PT_INLINE void Anchor(const double* x) {
    origin_ = *x;
    double sum = 0;
    for (std::size_t ago = n_; ago-- > 0;) sum += *(x - ago) - origin_;
    sum_.Fold(sum);
    left_ = period_;
  }

  std::size_t n_;
  std::size_t period_;
  double scale_;
  std::size_t left_ = kGroup;
  double origin_ = 0;
  GroupedSum sum_;
  std::size_t seen_ = 0;
};

struct Moments {
  double mean;
  double variance;  // of the population: divided by n. 0 when less than kEpsilon
};

class WindowMoments {
 public:
  explicit WindowMoments(std::size_t n)
      : n_(n), period_(std::max<std::size_t>(256, 4 * n)), scale_(1.0 / static_cast<double>(n)) {}
  [[nodiscard]] bool filled() const { return seen_ == n_; }

  template <bool kFull>
  PT_INLINE Moments Step(const double* x) {
    if constexpr (!kFull) {
      if (!filled()) {
        if (seen_++ == 0) origin_ = *x;
        const double value = *x - origin_;
        sum_.Fill(value);
        squares_.Fill(value * value);
        return Of(sum_.base(), squares_.base());
      }
    }
    const double newest = *x - origin_;
    const double leaving = *(x - n_) - origin_;
    const double sum = sum_.Add(newest - leaving);
    const double squares = squares_.Add((newest - leaving) * (newest + leaving));
    const Moments moments = Of(sum, squares);
    if (--left_ % kGroup == 0) [[unlikely]] {
      sum_.Fold(sum);
      squares_.Fold(squares);
      if (left_ == 0) Anchor(x);
    }
    return moments;
  }

 private:
  [[nodiscard]] PT_INLINE Moments Of(double sum, double squares) const {
    const double mean = sum * scale_;
    const double variance = squares * scale_ - mean * mean;
    return {origin_ + mean, variance < kEpsilon ? 0 : variance};
  }
  PT_INLINE void Anchor(const double* x) {
    origin_ = *x;
    double sum = 0;
    double squares = 0;
    for (std::size_t ago = n_; ago-- > 0;) {
      const double value = *(x - ago) - origin_;
      sum += value;
      squares += value * value;
    }
    sum_.Fold(sum);
    squares_.Fold(squares);
    left_ = period_;
  }

  std::size_t n_;
  std::size_t period_;
  double scale_;
  std::size_t left_ = kGroup;
  double origin_ = 0;
  GroupedSum sum_;
  GroupedSum squares_;
  std::size_t seen_ = 0;
};

// n times the (co)variances of two series.
struct Comoments {
  double xx;
  double yy;
  double xy;
};

class WindowComoments {
 public:
  explicit WindowComoments(std::size_t n)
      : n_(n), period_(std::max<std::size_t>(256, 4 * n)), scale_(1.0 / static_cast<double>(n)) {}
  [[nodiscard]] bool filled() const { return seen_ == n_; }

  template <bool kFull>
  PT_INLINE Comoments Step(const double* x, const double* y) {
    if constexpr (!kFull) {
      if (!filled()) {
        if (seen_++ == 0) {
          x_origin_ = *x;
          y_origin_ = *y;
        }
        Add(*x, *y, 1);
        return Now();
      }
    }
    Add(*x, *y, 1);
    Add(*(x - n_), *(y - n_), -1);
    if (--left_ == 0) [[unlikely]]
      Anchor(x, y);
    return Now();
  }

 private:
  PT_INLINE void Add(double x, double y, double sign) {
    x -= x_origin_;
    y -= y_origin_;
    x_ += sign * x;
    y_ += sign * y;
    xx_ += sign * (x * x);
    yy_ += sign * (y * y);
    xy_ += sign * (x * y);
  }
  [[nodiscard]] PT_INLINE Comoments Now() const {
    return {xx_ - x_ * x_ * scale_, yy_ - y_ * y_ * scale_, xy_ - x_ * y_ * scale_};
  }
  PT_INLINE void Anchor(const double* x, const double* y) {
    x_origin_ = *x;
    y_origin_ = *y;
    x_ = y_ = xx_ = yy_ = xy_ = 0;
    for (std::size_t ago = n_; ago-- > 0;) Add(*(x - ago), *(y - ago), 1);
    left_ = period_;
  }

  std::size_t n_;
  std::size_t period_;
  double scale_;
  std::size_t left_ = 1;
  double x_origin_ = 0, y_origin_ = 0;
  double x_ = 0, y_ = 0, xx_ = 0, yy_ = 0, xy_ = 0;
  std::size_t seen_ = 0;
};

// Mean of |x - mean| over x[0] .. x[-(n - 1)], summed in four lanes so that it can run two or four at a time.
PT_INLINE double MeanDeviation(const double* x, std::size_t n, double mean) {
  const double* const oldest = x - (n - 1);
  double a = 0, b = 0, c = 0, d = 0;
  std::size_t i = 0;
  for (; i + 4 <= n; i += 4) {
    a += std::fabs(oldest[i] - mean);
    b += std::fabs(oldest[i + 1] - mean);
    c += std::fabs(oldest[i + 2] - mean);
    d += std::fabs(oldest[i + 3] - mean);
  }
  for (; i < n; ++i) a += std::fabs(oldest[i] - mean);
  return ((a + c) + (b + d)) / static_cast<double>(n);
}

}  // namespace papertape::indicators

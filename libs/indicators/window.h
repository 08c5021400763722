// Stages of algorithms that look at the last n values: the values themselves, their sums, moments and extremes.
// All are trivially copyable and hold no memory of their own; Step<false> while they fill, see kernel.h.
#pragma once

#include <algorithm>
#include <cstddef>

#include "libs/indicators/kernel.h"

namespace papertape::indicators {

// The last `capacity` values, side by side in memory: each is written twice, `capacity` apart.
class Window {
 public:
  Window(std::size_t capacity, Memory& memory) : values_(memory.Take(2 * capacity)), capacity_(capacity) {}

  // p[0] is `value`, p[-1] the one before it and so on, until the next Push.
  PT_INLINE const double* Push(double value) {
    double* const newest = values_ + at_ + capacity_;
    values_[at_] = value;
    *newest = value;
    if (++at_ == capacity_) at_ = 0;
    return newest;
  }

 private:
  double* values_;
  std::size_t capacity_;
  std::size_t at_ = 0;
};

// Recursions go in groups of this many bars: see README.md.
inline constexpr std::size_t kGroup = 4;

// A total of what is added, from the first bar on.
class RunningTotal {
 public:
  PT_INLINE double Add(double term) {
    part_ += term;
    const double total = base_ + part_;
    if (++in_group_ == kGroup) [[unlikely]] {
      base_ = total;
      part_ = 0;
      in_group_ = 0;
    }
    return total;
  }

 private:
  double base_ = 0;
  double part_ = 0;
  std::size_t in_group_ = 0;
};

// Sum of term(0) .. term(n - 1), where term(k) is what was there k bars ago; at a full step term(n) is asked for too.
class WindowSum {
 public:
  explicit WindowSum(std::size_t n) : n_(n), period_(std::max<std::size_t>(1024, 8 * n)) {}

  [[nodiscard]] bool filled() const { return seen_ == n_; }

  template <bool kFull, class Term>
  PT_INLINE double Step(const Term& term) {
    if constexpr (!kFull) {
      if (!filled()) {
        base_ += term(0);
        ++seen_;
        return base_;
      }
    }
    part_ += term(0) - term(n_);
    const double sum = base_ + part_;
    if (--left_ % kGroup == 0) [[unlikely]] {
      base_ = sum;
      part_ = 0;
      if (left_ == 0) Anchor(term);
    }
    return sum;
  }

  template <bool kFull>
  PT_INLINE double Step(const double* x) {
    return Step<kFull>([x](std::size_t ago) { return *(x - ago); });
  }

 private:
  template <class Term>
  PT_INLINE void Anchor(const Term& term) {
    base_ = 0;
    for (std::size_t ago = n_; ago-- > 0;) base_ += term(ago);
    left_ = period_;
  }

  std::size_t n_;
  std::size_t period_;  // bars between anchors, whole groups
  std::size_t left_ = kGroup;
  double base_ = 0;
  double part_ = 0;
  std::size_t seen_ = 0;
};

// Highest (kSign 1) or lowest (kSign -1) of the last n. Runs over blocks of n bars: the extreme of the current block so
// far, and for the block before the extremes of its tails. -0 counts as 0, so that the order of comparing does not
// show.
template <int kSign>
class WindowExtreme {
 public:
  WindowExtreme(std::size_t n, Memory& memory) : n_(n), tails_(memory.Take(n)) {}

  [[nodiscard]] bool filled() const { return seen_ == n_; }

  // `x` as for WindowSum: x[0] .. x[-(n - 1)].
  template <bool kFull>
  PT_INLINE double Step(const double* x) {
    if constexpr (!kFull) {
      if (seen_ < n_) ++seen_;
      if (!filled()) {
        so_far_ = at_ == 0 ? *x : Better(so_far_, *x);
        ++at_;
        return kNa;
      }
    }
    so_far_ = at_ == 0 ? *x : Better(so_far_, *x);
    if (++at_ == n_) [[unlikely]] {
      const double all = so_far_;
      EndBlock(x);
      return all + 0.0;
    }
    return Better(tails_[at_], so_far_) + 0.0;
  }

 private:
  PT_INLINE static double Better(double a, double b) {
    if constexpr (kSign > 0) return a > b ? a : b;
    return a < b ? a : b;
  }
  // tails_[k] = extreme of the block from its bar k on.
  PT_INLINE void EndBlock(const double* x) {
    double tail = *x;
    for (std::size_t k = n_; k-- > 0;) {
      tail = Better(*(x - (n_ - 1 - k)), tail);
      tails_[k] = tail;
    }
    at_ = 0;
  }

  std::size_t n_;
  double* tails_;
  std::size_t at_ = 0;
  double so_far_ = 0;
  std::size_t seen_ = 0;
};
using WindowMax = WindowExtreme<1>;
using WindowMin = WindowExtreme<-1>;

}  // namespace papertape::indicators

// Stages of algorithms that look at the last n values: the values themselves, their sums and extremes.
// All are trivially copyable and hold no memory of their own; Step<false> while they fill, see kernel.h.
#pragma once

#include <algorithm>
#include <cstddef>

#include "libs/indicators/kernel.h"

namespace papertape::indicators {

// A series that is made on the way, at the newest bar or group. A pack `bars` ago is put together of the two packs that
// were stored: a load across both would wait until they have left the processor for its cache.
template <class V>
class MadeSeries : public Series<V> {
 public:
  PT_INLINE explicit MadeSeries(const double* at) : Series<V>(at) {}
  PT_INLINE V operator[](std::size_t bars_ago) const {
    if constexpr (kBars<V> == 1) {
      return *(*this - bars_ago);
    } else {
      const std::size_t older = bars_ago + kGroup - 1;
      const Series<V> first = *this - older / kGroup * kGroup;
      const Pack a = *first;
      if (bars_ago % kGroup == 0) return a;
      const Pack b = Load<Pack>(first.pointer() + kGroup);
      switch (bars_ago % kGroup) {
        case 1:
          return __builtin_shufflevector(a, b, 3, 4, 5, 6);
        case 2:
          return __builtin_shufflevector(a, b, 2, 3, 4, 5);
        default:
          return __builtin_shufflevector(a, b, 1, 2, 3, 4);
      }
    }
  }
};

// The last `capacity` values of a series that is made on the way, side by side in memory. At the end of its memory it
// moves them back to the beginning.
class Window {
 public:
  Window(std::size_t capacity, Memory& memory)
      : kept_(capacity + kGroup), size_(2 * std::max(kept_, kLeastSize)), values_(memory.Take(size_)) {}

  // The series at `values`, until the next Push.
  template <class V>
  PT_INLINE MadeSeries<V> Push(V values) {
    if (end_ + kBars < V >> size_) [[unlikely]]
      MoveBack();
    Store<V>(values, values_ + end_);
    const MadeSeries<V> newest(values_ + end_);
    end_ += kBars<V>;
    return newest;
  }

 private:
  static constexpr std::size_t kLeastSize = 256;

  PT_INLINE void MoveBack() {
    std::copy(values_ + end_ - kept_, values_ + end_, values_);
    end_ = kept_;
  }

  std::size_t kept_;  // a group more than may be asked for: MadeSeries loads whole packs
  std::size_t size_;
  double* values_;
  std::size_t end_ = kGroup;
};

// The value of the bar before, for a series that is made on the way.
class Previous {
 public:
  PT_INLINE double Step(double value) { return std::exchange(last_, value); }
  PT_INLINE Pack Step(Pack value) {
    const Pack before = Later1(value, All(last_));
    last_ = value[kGroup - 1];
    return before;
  }

 private:
  double last_ = 0;
};

// A total of what is added. Within a group the terms are summed by themselves, and the groups are chained by one
// addition: see README.md. There are no groups while stages fill.
class RunningTotal {
 public:
  template <bool kFull, class V>
  PT_INLINE V Add(V term) {
    if constexpr (!kFull) {
      base_ += term;
      return base_[0];
    }
    Pack sums = group_.Gather(term);
    sums += Later1(sums, Pack{});
    sums += Later2(sums, Pack{});
    const V total = group_.Pick<V>(base_ + sums);
    ends_ = group_.Ends<V>();
    if (ends_) base_ += Last(sums);
    return total;
  }
  // Whether a group ended with the last Add. Then the total may be set to what it should be.
  [[nodiscard]] PT_INLINE bool ends() const { return ends_; }
  PT_INLINE void Set(double total) { base_ = All(total); }

 private:
  Pack base_{};  // in all lanes
  Group group_;
  bool ends_ = false;
};

// Sums over the last n bars of several terms. term(k) answers their values k bars ago, as std::array<V, kSums>; term(0)
// is asked for first, and at full steps term(n), too.
//
// Sums are recomputed now and then, before a group, so that neither rounding nor one absurd value stays in them for
// ever. Terms may be measured from an origin: recenter(k) moves it to what was there k bars before the (first) new one.
// It is asked to before sums are recomputed, and before the first bar.
template <std::size_t kSums>
class WindowSums {
 public:
  explicit WindowSums(std::size_t n) : n_(n), period_(std::max<std::size_t>(512, 8 * n) / kGroup) {}

  [[nodiscard]] bool filled() const { return seen_ == n_; }

  template <bool kFull, class V, class Term, class Recenter>
  PT_INLINE std::array<V, kSums> Step(const Term& term, const Recenter& recenter) {
    std::array<V, kSums> sums;
    if constexpr (!kFull) {
      if (!filled()) {
        if (seen_++ == 0) recenter(std::size_t{0});
        const std::array<V, kSums> coming = term(0);
        for (std::size_t s = 0; s < kSums; ++s) sums[s] = totals_[s].template Add<false>(coming[s]);
        return sums;
      }
    }
    if (kFull && left_ == 0) [[unlikely]]
      Recompute(term, recenter);
    const std::array<V, kSums> coming = term(0);
    const std::array<V, kSums> leaving = term(n_);
    for (std::size_t s = 0; s < kSums; ++s) sums[s] = totals_[s].template Add<kFull>(coming[s] - leaving[s]);
    if (totals_[0].ends()) --left_;
    return sums;
  }

 private:
  template <class Term, class Recenter>
  PT_INLINE void Recompute(const Term& term, const Recenter& recenter) {
    recenter(std::size_t{1});
    std::array<double, kSums> sums{};
    for (std::size_t ago = n_; ago > 0; --ago) {
      const auto terms = term(ago);
      for (std::size_t s = 0; s < kSums; ++s) sums[s] += BarOf(terms[s], 0);
    }
    for (std::size_t s = 0; s < kSums; ++s) totals_[s].Set(sums[s]);
    left_ = period_;
  }

  std::size_t n_;
  std::size_t period_;  // groups between recomputations
  std::size_t left_ = 0;
  std::size_t seen_ = 0;
  std::array<RunningTotal, kSums> totals_;
};

// Sum of term(0) .. term(n - 1), where term(k) is what was there k bars ago.
class WindowSum {
 public:
  explicit WindowSum(std::size_t n) : sums_(n) {}
  [[nodiscard]] bool filled() const { return sums_.filled(); }

  template <bool kFull, class Term>
  PT_INLINE auto StepOf(const Term& term) {
    using V = decltype(term(0));
    const auto terms = [&](std::size_t ago) { return std::array<V, 1>{term(ago)}; };
    return sums_.template Step<kFull, V>(terms, [](std::size_t) {})[0];
  }
  template <bool kFull, class V>
  PT_INLINE V Step(Series<V> x) {
    return StepOf<kFull>([x](std::size_t ago) { return *(x - ago); });
  }
  template <bool kFull, class V>
  PT_INLINE V Step(MadeSeries<V> x) {
    return StepOf<kFull>([x](std::size_t ago) { return x[ago]; });
  }

 private:
  WindowSums<1> sums_;
};

// Up to this many values are compared anew each bar: a group of bars at once that costs less than being clever.
inline constexpr std::size_t kFew = 32;

// Calls visit(ago) for 0 .. n - 1 in runs of eight, or four, that the compiler unrolls. The last run overlaps the one
// before it, so some are visited twice.
template <class Visit>
PT_INLINE void VisitLast(std::size_t n, const Visit& visit) {
  const auto in_runs_of = [&](auto length) {
    for (std::size_t begin = 0; begin < n; begin += length) {
      const std::size_t from = std::min(begin, n - length);
      for (std::size_t ago = 0; ago < length; ++ago) visit(from + ago);
    }
  };
  if (n >= 8) return in_runs_of(std::integral_constant<std::size_t, 8>());
  if (n >= 4) return in_runs_of(std::integral_constant<std::size_t, 4>());
  in_runs_of(std::integral_constant<std::size_t, 1>());
}

// Highest (kSign 1) or lowest (kSign -1) of the last n. Of many values it runs over blocks of n bars: the extreme of
// the current block so far, and for the block before the extremes of its tails. -0 counts as 0, so that the order of
// comparing does not show.
template <int kSign>
class WindowExtreme {
 public:
  WindowExtreme(std::size_t n, Memory& memory) : n_(n), tails_(n > kFew ? memory.Take(n) : nullptr) {}

  [[nodiscard]] bool filled() const { return seen_ == n_; }

  template <bool kFull, class V>
  PT_INLINE V Step(Series<V> x) {
    if constexpr (!kFull) {
      if (seen_ < n_) ++seen_;
    }
    if (n_ > kFew) {
      return EachBar<V>([&](std::size_t bar) { return StepOfMany(x.At(bar)); }) + 0.0;
    }
    if (!kFull && !filled()) return V{};
    V best = *x;
    VisitLast(n_, [&](std::size_t ago) { best = Better(best, *(x - ago)); });
    return best + 0.0;
  }

 private:
  template <class V>
  PT_INLINE static V Better(V a, V b) {
    return kSign > 0 ? Max(a, b) : Min(a, b);
  }
  PT_INLINE double StepOfMany(Series<double> x) {
    so_far_ = at_ == 0 ? *x : Better(so_far_, *x);
    if (++at_ < n_) return Better(tails_[at_], so_far_);
    // tails_[k] = extreme of the block from its bar k on.
    double tail = *x;
    for (std::size_t k = n_; k-- > 0;) {
      tail = Better(*(x - (n_ - 1 - k)), tail);
      tails_[k] = tail;
    }
    at_ = 0;
    return so_far_;
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

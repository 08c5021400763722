// What an algorithm computes with: the numbers of one bar (`double`) or of a group of neighbouring bars (`Pack`). Both
// have the usual operators, comparisons, and `?:`, which selects lane by lane; so one text serves both.
#pragma once

#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

// Inlining is what turns an algorithm's stages into one loop over registers. All that a full step calls must have it:
// once the address of an algorithm is passed on, outputs might overlap it, and every bar would go through memory; and
// a pack that is handed to a function that is not inlined goes through memory, too.
#define PT_INLINE [[gnu::always_inline]] inline

namespace papertape::indicators {

// Bars go in groups of this many, counted from the first bar that has an output: see README.md.
inline constexpr std::size_t kGroup = 4;

// A lane a bar, the oldest first.
using Pack = double __attribute__((vector_size(kGroup * sizeof(double))));
using PackBits = std::int64_t __attribute__((vector_size(kGroup * sizeof(double))));

template <class V>
inline constexpr std::size_t kBars = sizeof(V) / sizeof(double);

template <class V>
PT_INLINE V Load(const double* from) {
  V value;
  std::memcpy(&value, from, sizeof value);
  return value;
}
template <class V>
PT_INLINE void Store(V value, double* to) {
  std::memcpy(to, &value, sizeof value);
}

PT_INLINE double BarOf(double value, std::size_t) { return value; }
PT_INLINE double BarOf(Pack value, std::size_t bar) { return value[bar]; }

PT_INLINE void SetBar(double& values, std::size_t, double value) { values = value; }
PT_INLINE void SetBar(Pack& values, std::size_t bar, double value) { values[bar] = value; }

// The number that `make` answers for each bar in turn: for what one bar must know of the one before.
template <class V, class Make>
PT_INLINE V EachBar(const Make& make) {
  if constexpr (kBars<V> == 1) {
    return make(std::size_t{0});
  } else {
    V all{};
    for (std::size_t bar = 0; bar < kBars<V>; ++bar) all[bar] = make(bar);
    return all;
  }
}

PT_INLINE Pack All(double value) { return Pack{value, value, value, value}; }
PT_INLINE Pack First(Pack value) { return __builtin_shufflevector(value, value, 0, 0, 0, 0); }
PT_INLINE Pack Last(Pack value) { return __builtin_shufflevector(value, value, 3, 3, 3, 3); }
// The same a bar or two later; the first lanes take theirs from `before`.
PT_INLINE Pack Later1(Pack value, Pack before) { return __builtin_shufflevector(before, value, 3, 4, 5, 6); }
PT_INLINE Pack Later2(Pack value, Pack before) { return __builtin_shufflevector(before, value, 2, 3, 4, 5); }

PT_INLINE double Abs(double value) { return std::fabs(value); }
PT_INLINE Pack Abs(Pack value) {
  constexpr std::int64_t kAllButSign = 0x7fff'ffff'ffff'ffff;
  return std::bit_cast<Pack>(std::bit_cast<PackBits>(value) & kAllButSign);
}
template <class V>
PT_INLINE V Max(V a, V b) {
  return a > b ? a : b;
}
template <class V>
PT_INLINE V Min(V a, V b) {
  return a < b ? a : b;
}
template <class V>
PT_INLINE V Sqrt(V value) {
  return EachBar<V>([&](std::size_t bar) { return std::sqrt(BarOf(value, bar)); });
}
template <class V>
PT_INLINE V Log(V value) {
  return EachBar<V>([&](std::size_t bar) { return std::log(BarOf(value, bar)); });
}
template <class V>
PT_INLINE V ArcTangent(V value) {
  return EachBar<V>([&](std::size_t bar) { return std::atan(BarOf(value, bar)); });
}

inline constexpr double kEpsilon = 1e-14;  // TA-Lib 0.4 takes less than this for nothing
template <class V>
PT_INLINE auto IsZero(V value) {
  return Abs(value) < kEpsilon;
}

// Of two answers, or of two for each bar of a pack: whether one of them is yes.
template <class Answer>
PT_INLINE Answer Either(Answer one, Answer other) {
  if constexpr (std::is_same_v<Answer, bool>) {
    return one || other;
  } else {
    return one | other;
  }
}

// Of doubles and packs: whether a number among them is NaN or infinite, asked for once for several of them.
template <class V>
class Finiteness {
 public:
  PT_INLINE void Look(V value) {
    const V nothing = value - value;  // 0, and NaN for what is not finite. NOLINT(misc-redundant-expression)
    if constexpr (kBars<V> == 1) {
      doubt_ |= std::bit_cast<std::int64_t>(nothing);
    } else {
      doubt_ |= std::bit_cast<PackBits>(nothing);
    }
  }
  [[nodiscard]] PT_INLINE bool all() const {
    if constexpr (kBars<V> == 1) {
      return doubt_ == 0;
    } else {
      const PackBits halves = doubt_ | __builtin_shufflevector(doubt_, doubt_, 2, 3, 0, 1);
      return (halves[0] | halves[1]) == 0;
    }
  }

 private:
  std::conditional_t<kBars<V> == 1, std::int64_t, PackBits> doubt_{};
};

// A series at the newest bar, or at the newest group of bars; what was before lies before it in memory.
template <class V>
class Series {
 public:
  Series() = default;
  PT_INLINE explicit Series(const double* at) : at_(at) {}
  PT_INLINE V operator*() const { return Load<V>(at_); }
  // `bars` ago.
  PT_INLINE Series operator-(std::size_t bars) const { return Series(at_ - bars); }
  [[nodiscard]] const double* pointer() const { return at_; }
  // One bar of the group.
  [[nodiscard]] PT_INLINE Series<double> At(std::size_t bar) const { return Series<double>(at_ + bar); }

 private:
  const double* at_ = nullptr;
};

// The values of a group that come one by one, or all at once. What is computed of a group gives each lane the same
// bits, whether or not the later lanes are there yet: it must look at earlier lanes alone.
class Group {
 public:
  PT_INLINE Pack Gather(Pack values) { return values; }
  PT_INLINE Pack Gather(double value) {
    values_[at_] = value;
    return values_;
  }
  // Of what was computed of the group, the lanes that were asked for.
  template <class V>
  PT_INLINE V Pick(Pack computed) const {
    if constexpr (kBars<V> == 1) {
      return computed[at_];
    } else {
      return computed;
    }
  }
  // Whether the group is complete; the next value begins another one.
  template <class V>
  PT_INLINE bool Ends() {
    if constexpr (kBars<V> == 1) {
      if (++at_ < kGroup) return false;
      at_ = 0;
    }
    return true;
  }

 private:
  Pack values_{};
  std::size_t at_ = 0;
};

}  // namespace papertape::indicators

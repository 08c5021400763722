// Wilder's directional movement and its kin.
#include <cmath>

#include "libs/indicators/families.h"
#include "libs/indicators/smoothing.h"
#include "libs/indicators/true_range.h"

namespace papertape::indicators {
namespace {

template <class V>
struct Movement {
  V plus;
  V minus;
};

// One bar's movement: the larger of the two, when positive; a tie is none. Selections, since no branch foresees prices.
template <class V>
PT_INLINE Movement<V> MovementOf(Series<V> high, Series<V> low) {
  const V up = *high - *(high - 1);
  const V down = *(low - 1) - *low;
  const V nothing{};
  return {Max(up > down ? up : nothing, nothing), Max(down > up ? down : nothing, nothing)};
}

// Wilder's running sum, S - S/n + x, as n times an average; seeded with the sum of the first n - 1 values.
struct WilderSum {
  Ema average;
  double seed = 0;
  std::size_t missing;
  explicit WilderSum(std::size_t n) : average(Ema::Wilder(n)), missing(n - 1) {}
  [[nodiscard]] bool filled() const { return missing == 0; }
  // Answers S/n.
  template <bool kFull, class V>
  PT_INLINE V Step(V x, double share) {
    if constexpr (!kFull) {
      if (!filled()) {
        seed += x;
        if (--missing == 0) average.Seed(seed * share);
        return seed * share;
      }
    }
    return average.Step<kFull>(x);
  }
};

// Both directional indicators, 100 * movement over range; from bar n on.
struct Directions {
  WilderSum plus, minus, range;
  double share;
  bool started = false;
  explicit Directions(double n) : plus(Whole(n)), minus(plus), range(plus), share(1 / n) {}

  // False while there is nothing yet.
  template <bool kFull, class V>
  PT_INLINE bool Step(const Bar<V, 3>& bar, Movement<V>& sums, V& ranges) {
    if (!kFull && !std::exchange(started, true)) return false;
    const bool full = kFull || range.filled();
    const Movement<V> moved = MovementOf(bar[0], bar[1]);
    sums = {plus.Step<kFull>(moved.plus, share), minus.Step<kFull>(moved.minus, share)};
    ranges = range.Step<kFull>(TrueRange(*bar[0], *bar[1], *(bar[2] - 1)), share);
    return full;
  }
};

template <bool kPlus>
struct DirectionalIndicator {
  static constexpr std::size_t kInputs = 3, kOutputs = 1;
  WilderSum movement, range;
  double share;
  bool started = false;
  DirectionalIndicator(const Values& p, Memory&) : movement(Whole(p[0])), range(movement), share(1 / p[0]) {}
  template <bool kFull, class V>
  PT_INLINE void Step(const Bar<V, 3>& bar, Out<V, 1>& out) {
    if (!kFull && !std::exchange(started, true)) return;
    const bool full = kFull || range.filled();
    const Movement<V> moved = MovementOf(bar[0], bar[1]);
    const V sum = movement.Step<kFull>(kPlus ? moved.plus : moved.minus, share);
    const V all = range.Step<kFull>(TrueRange(*bar[0], *bar[1], *(bar[2] - 1)), share);
    if (full) out[0] = IsZero(all) ? V{} : 100 * (sum / all);
  }
};

template <bool kPlus>
struct DirectionalMovement {
  static constexpr std::size_t kInputs = 2, kOutputs = 1;
  WilderSum sum;
  double n;
  bool started = false;
  DirectionalMovement(const Values& p, Memory&) : sum(Whole(p[0])), n(p[0]) {}
  template <bool kFull, class V>
  PT_INLINE void Step(const Bar<V, 2>& bar, Out<V, 1>& out) {
    if (!kFull && !std::exchange(started, true)) return;
    const Movement<V> moved = MovementOf(bar[0], bar[1]);
    const V share = sum.Step<kFull>(kPlus ? moved.plus : moved.minus, 1 / n);
    if (kFull || sum.filled()) out[0] = share * n;
  }
};

// 100 * |minus DI - plus DI| / (minus DI + plus DI); the range cancels but for its zeros.
template <class V>
struct Index {
  V value;    // 0 where it is undefined
  V defined;  // 1, or 0 where nothing moved
};
template <class V>
PT_INLINE Index<V> IndexOf(const Movement<V>& sums, V ranges) {
  const V both = sums.minus + sums.plus;
  const auto undefined = Either(IsZero(ranges), IsZero(100 * (both / ranges)));
  return {undefined ? V{} : 100 * (Abs(sums.minus - sums.plus) / both), undefined ? V{} : V{} + 1.0};
}

struct DirectionalIndex {
  static constexpr std::size_t kInputs = 3, kOutputs = 1;
  Directions directions;
  Pursuit last;  // the last one that was defined
  DirectionalIndex(const Values& p, Memory&) : directions(p[0]) {}
  template <bool kFull, class V>
  PT_INLINE void Step(const Bar<V, 3>& bar, Out<V, 1>& out) {
    Movement<V> sums{};
    V ranges{};
    if (!directions.Step<kFull>(bar, sums, ranges)) return;
    const Index<V> index = IndexOf(sums, ranges);
    out[0] = last.Step<kFull>(index.value, index.defined);
  }
};

// Average of the index. Where the index is undefined the seed counts it as 0 and later the average stays, as in TA-Lib.
struct AverageIndex {
  static constexpr std::size_t kInputs = 3, kOutputs = 1;
  Directions directions;
  double seed = 0;
  Pursuit average;
  double share;
  std::size_t missing;
  AverageIndex(const Values& p, Memory&) : directions(p[0]), share(1 / p[0]), missing(Whole(p[0])) {}
  // False while there is nothing yet.
  template <bool kFull, class V>
  PT_INLINE bool StepAverage(const Bar<V, 3>& bar, V& now) {
    Movement<V> sums{};
    V ranges{};
    if (!directions.Step<kFull>(bar, sums, ranges)) return false;
    const Index<V> index = IndexOf(sums, ranges);
    if constexpr (!kFull) {
      if (missing > 0) {
        seed += index.value;
        now = seed * share;
        average.Seed(now);
        return --missing == 0;
      }
    }
    now = average.Step<kFull>(index.value, share * index.defined);
    return true;
  }
  template <bool kFull, class V>
  PT_INLINE void Step(const Bar<V, 3>& bar, Out<V, 1>& out) {
    V now{};
    if (StepAverage<kFull>(bar, now)) out[0] = now;
  }
};

struct AverageIndexRating : AverageIndex {
  std::size_t n;
  std::size_t seen = 0;
  Window averages;
  AverageIndexRating(const Values& p, Memory& memory) : AverageIndex(p, memory), n(Whole(p[0])), averages(n, memory) {}
  template <bool kFull, class V>
  PT_INLINE void Step(const Bar<V, 3>& bar, Out<V, 1>& out) {
    V average_now{};
    if (!StepAverage<kFull>(bar, average_now)) return;
    const auto now = averages.Push(average_now);
    if (!kFull && ++seen < n) return;
    out[0] = (*now + *(now - (n - 1))) / 2;
  }
};

struct Vortex {
  static constexpr std::size_t kInputs = 3, kOutputs = 2;
  WindowSum plus, minus, range;
  bool started = false;
  Vortex(const Values& p, Memory&) : plus(Whole(p[0])), minus(plus), range(plus) {}
  template <bool kFull, class V>
  PT_INLINE void Step(const Bar<V, 3>& bar, Out<V, 2>& out) {
    if (!kFull && !std::exchange(started, true)) return;
    const auto high = bar[0];
    const auto low = bar[1];
    const auto close = bar[2];
    const V up = plus.StepOf<kFull>([=](std::size_t ago) { return Abs(*(high - ago) - *(low - ago - 1)); });
    const V down = minus.StepOf<kFull>([=](std::size_t ago) { return Abs(*(low - ago) - *(high - ago - 1)); });
    const V all = range.StepOf<kFull>(
        [=](std::size_t ago) { return TrueRange(*(high - ago), *(low - ago), *(close - ago - 1)); });
    if (!kFull && !range.filled()) return;
    const auto still = IsZero(all);
    out = {still ? V{} : up / all, still ? V{} : down / all};
  }
};

std::size_t PeriodOf(const Values& p) { return Whole(p[0]); }

Indicator Entry(std::string_view name, std::string_view title, std::size_t (*look_back)(const Values&),
                std::string_view talib, std::string_view formula,
                std::unique_ptr<Kernel> (*make)(const Values&, std::size_t)) {
  return {.name = name,
          .title = title,
          .family = Family::kTrend,
          .parameters = {Period(14, 2)},
          .inputs = {Input::kHigh, Input::kLow, Input::kClose},
          .outputs = {name},
          .look_back = look_back,
          .talib = talib,
          .formula = formula,
          .source = kTaLib,
          .make = make};
}

}  // namespace

std::vector<Indicator> Directional() {
  std::vector<Indicator> table = {
      Entry(
          "plus_dm", "Plus directional movement", [](const Values& p) { return Whole(p[0]) - 1; }, "PLUS_DM",
          "S - S/n + (high - high[1] where it is positive and the larger move); seed: sum of the first n-1",
          Make<DirectionalMovement<true>>),
      Entry(
          "minus_dm", "Minus directional movement", [](const Values& p) { return Whole(p[0]) - 1; }, "MINUS_DM",
          "S - S/n + (low[1] - low where it is positive and the larger move); seed: sum of the first n-1",
          Make<DirectionalMovement<false>>),
      Entry("plus_di", "Plus directional indicator", PeriodOf, "PLUS_DI",
            "100 * plus_dm / the same sum of true ranges; 0 where that is 0", Make<DirectionalIndicator<true>>),
      Entry("minus_di", "Minus directional indicator", PeriodOf, "MINUS_DI",
            "100 * minus_dm / the same sum of true ranges; 0 where that is 0", Make<DirectionalIndicator<false>>),
      Entry("dx", "Directional movement index", PeriodOf, "DX",
            "100*|minus_di - plus_di|/(minus_di + plus_di); the value before where that is 0", Make<DirectionalIndex>),
      Entry(
          "adx", "Average directional index", [](const Values& p) { return 2 * Whole(p[0]) - 1; }, "ADX",
          "Wilder's average of dx; seed: mean of its first n", Make<AverageIndex>),
      Entry(
          "adxr", "Average directional index rating", [](const Values& p) { return 3 * Whole(p[0]) - 2; }, "ADXR",
          "(adx + adx[n-1])/2", Make<AverageIndexRating>),
      Entry("vortex", "Vortex indicator", PeriodOf, "",
            "sums over n of |high - low[1]| and of |low - high[1]|, over the sum of true ranges", Make<Vortex>),
  };
  table[0].inputs = table[1].inputs = {Input::kHigh, Input::kLow};
  table.back().outputs = {"plus", "minus"};
  table.back().source = "E. Botes, D. Siepman, 2010";
  return table;
}

}  // namespace papertape::indicators

// Wilder's directional movement and its kin.
#include <cmath>

#include "libs/indicators/families.h"
#include "libs/indicators/smoothing.h"
#include "libs/indicators/true_range.h"

namespace papertape::indicators {
namespace {

struct Movement {
  double plus;
  double minus;
};

// One bar's movement: the larger of the two, when positive; a tie is none. Selections, since no branch foresees prices.
PT_INLINE Movement MovementOf(const double* high, const double* low) {
  const double up = *high - *(high - 1);
  const double down = *(low - 1) - *low;
  const double plus = up > down ? up : 0;
  const double minus = down > up ? down : 0;
  return {plus > 0 ? plus : 0, minus > 0 ? minus : 0};
}

// Wilder's running sum, S - S/n + x, as n times an average; seeded with the sum of the first n - 1 values.
struct WilderSum {
  Ema average;
  double seed = 0;
  std::size_t missing;
  explicit WilderSum(std::size_t n) : average(Ema::Wilder(n)), missing(n - 1) {}
  [[nodiscard]] bool filled() const { return missing == 0; }
  // Answers S/n.
  template <bool kFull>
  PT_INLINE double Step(double x, double share) {
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
  template <bool kFull>
  PT_INLINE bool Step(const Bar<3>& bar, Movement& sums, double& ranges) {
    if (!kFull && !std::exchange(started, true)) return false;
    const bool full = kFull || range.filled();
    const Movement moved = MovementOf(bar[0], bar[1]);
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
  template <bool kFull>
  PT_INLINE void Step(const Bar<3>& bar, Out<1>& out) {
    if (!kFull && !std::exchange(started, true)) return;
    const bool full = kFull || range.filled();
    const Movement moved = MovementOf(bar[0], bar[1]);
    const double sum = movement.Step<kFull>(kPlus ? moved.plus : moved.minus, share);
    const double all = range.Step<kFull>(TrueRange(*bar[0], *bar[1], *(bar[2] - 1)), share);
    if (full) out[0] = IsZero(all) ? 0 : 100 * (sum / all);
  }
};

template <bool kPlus>
struct DirectionalMovement {
  static constexpr std::size_t kInputs = 2, kOutputs = 1;
  WilderSum sum;
  double n;
  bool started = false;
  DirectionalMovement(const Values& p, Memory&) : sum(Whole(p[0])), n(p[0]) {}
  template <bool kFull>
  PT_INLINE void Step(const Bar<2>& bar, Out<1>& out) {
    if (!kFull && !std::exchange(started, true)) return;
    const Movement moved = MovementOf(bar[0], bar[1]);
    const double share = sum.Step<kFull>(kPlus ? moved.plus : moved.minus, 1 / n);
    if (kFull || sum.filled()) out[0] = share * n;
  }
};

// 100 * |minus DI - plus DI| / (minus DI + plus DI); the range cancels but for its zeros. `unmoved` where it is
// undefined.
PT_INLINE double IndexOf(const Movement& sums, double ranges, double unmoved) {
  const double both = sums.minus + sums.plus;
  const bool defined = !IsZero(ranges) && !IsZero(100 * (both / ranges));
  return defined ? 100 * (std::fabs(sums.minus - sums.plus) / both) : unmoved;
}

struct DirectionalIndex {
  static constexpr std::size_t kInputs = 3, kOutputs = 1;
  Directions directions;
  double last = 0;
  DirectionalIndex(const Values& p, Memory&) : directions(p[0]) {}
  template <bool kFull>
  PT_INLINE void Step(const Bar<3>& bar, Out<1>& out) {
    Movement sums{};
    double ranges = 0;
    if (!directions.Step<kFull>(bar, sums, ranges)) return;
    last = IndexOf(sums, ranges, last);
    out[0] = last;
  }
};

// Average of the index. Where the index is undefined the seed counts it as 0 and later the average stays, as in TA-Lib.
struct AverageIndex {
  static constexpr std::size_t kInputs = 3, kOutputs = 1;
  Directions directions;
  double seed = 0;
  double average = 0;
  double share;
  std::size_t missing;
  AverageIndex(const Values& p, Memory&) : directions(p[0]), share(1 / p[0]), missing(Whole(p[0])) {}
  template <bool kFull>
  PT_INLINE bool StepAverage(const Bar<3>& bar) {
    Movement sums{};
    double ranges = 0;
    if (!directions.Step<kFull>(bar, sums, ranges)) return false;
    if constexpr (!kFull) {
      if (missing > 0) {
        seed += IndexOf(sums, ranges, 0);
        average = seed * share;
        return --missing == 0;
      }
    }
    average += share * (IndexOf(sums, ranges, average) - average);
    return true;
  }
  template <bool kFull>
  PT_INLINE void Step(const Bar<3>& bar, Out<1>& out) {
    if (StepAverage<kFull>(bar)) out[0] = average;
  }
};

struct AverageIndexRating : AverageIndex {
  std::size_t n;
  std::size_t seen = 0;
  Window averages;
  AverageIndexRating(const Values& p, Memory& memory) : AverageIndex(p, memory), n(Whole(p[0])), averages(n, memory) {}
  template <bool kFull>
  PT_INLINE void Step(const Bar<3>& bar, Out<1>& out) {
    if (!StepAverage<kFull>(bar)) return;
    const double* const now = averages.Push(average);
    if (!kFull && ++seen < n) return;
    out[0] = (*now + *(now - (n - 1))) / 2;
  }
};

struct Vortex {
  static constexpr std::size_t kInputs = 3, kOutputs = 2;
  WindowSum plus, minus, range;
  bool started = false;
  Vortex(const Values& p, Memory&) : plus(Whole(p[0])), minus(plus), range(plus) {}
  template <bool kFull>
  PT_INLINE void Step(const Bar<3>& bar, Out<2>& out) {
    if (!kFull && !std::exchange(started, true)) return;
    const double* const high = bar[0];
    const double* const low = bar[1];
    const double* const close = bar[2];
    const double up = plus.Step<kFull>([=](std::size_t ago) { return std::fabs(*(high - ago) - *(low - ago - 1)); });
    const double down = minus.Step<kFull>([=](std::size_t ago) { return std::fabs(*(low - ago) - *(high - ago - 1)); });
    const double all =
        range.Step<kFull>([=](std::size_t ago) { return TrueRange(*(high - ago), *(low - ago), *(close - ago - 1)); });
    if (!kFull && !range.filled()) return;
    const bool still = IsZero(all);
    out = {still ? 0 : up / all, still ? 0 : down / all};
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

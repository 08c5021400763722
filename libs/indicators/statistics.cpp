// Statistics of the last n values.
#include <cmath>
#include <numbers>

#include "libs/indicators/families.h"
#include "libs/indicators/moments.h"
#include "libs/indicators/weighted_sum.h"

namespace papertape::indicators {
namespace {

struct Single {  // one series in, one out
  static constexpr std::size_t kInputs = 1, kOutputs = 1;
};

enum class Line { kEnd, kSlope, kAngle, kIntercept, kForecast };

// The least-squares line through the last n values at 0 .. n - 1.
template <Line kLine>
struct Regression : Single {
  WindowWeightedSum sums;
  double n, mean_position, scale;
  Regression(const Values& p, Memory&)
      : sums(Whole(p[0])), n(p[0]), mean_position((n - 1) / 2), scale(12 / (n * (n * n - 1))) {}
  template <bool kFull, class V>
  PT_INLINE void Step(const Bar<V, 1>& bar, Out<V, 1>& out) {
    const WeightedSums<V> now = sums.Step<kFull>(bar[0]);
    if (!kFull && !sums.filled()) return;
    // The weights are 1 .. n, the positions 0 .. n - 1.
    const V slope = scale * (now.weighted - (mean_position + 1) * now.plain);
    const V mean = now.plain / n;
    if constexpr (kLine == Line::kSlope) out[0] = slope;
    if constexpr (kLine == Line::kAngle) out[0] = ArcTangent(slope) * (180 / std::numbers::pi);
    if constexpr (kLine == Line::kIntercept) out[0] = now.origin + (mean - slope * mean_position);
    if constexpr (kLine == Line::kEnd) out[0] = now.origin + (mean + slope * mean_position);
    if constexpr (kLine == Line::kForecast) out[0] = now.origin + (mean + slope * (mean_position + 1));
  }
};

struct ZScore : Single {
  WindowMoments moments;
  ZScore(const Values& p, Memory&) : moments(Whole(p[0])) {}
  template <bool kFull, class V>
  PT_INLINE void Step(const Bar<V, 1>& bar, Out<V, 1>& out) {
    const Moments<V> now = moments.Step<kFull>(bar[0]);
    if (kFull || moments.filled()) out[0] = now.variance > 0 ? (*bar[0] - now.mean) / Sqrt(now.variance) : V{};
  }
};

struct MeanAbsolute : Single {
  std::size_t n;
  WindowMean mean;
  MeanAbsolute(const Values& p, Memory&) : n(Whole(p[0])), mean(n) {}
  template <bool kFull, class V>
  PT_INLINE void Step(const Bar<V, 1>& bar, Out<V, 1>& out) {
    const V average = mean.Step<kFull>(bar[0]);
    if (kFull || mean.filled()) out[0] = MeanDeviation(bar[0], n, average);
  }
};

struct Correlation {
  static constexpr std::size_t kInputs = 2, kOutputs = 1;
  WindowComoments sums;
  Correlation(const Values& p, Memory&) : sums(Whole(p[0])) {}
  template <bool kFull, class V>
  PT_INLINE void Step(const Bar<V, 2>& bar, Out<V, 1>& out) {
    const Comoments<V> now = sums.Step<kFull>(bar[0], bar[1]);
    if (!kFull && !sums.filled()) return;
    const V product = now.xx * now.yy;
    out[0] = product < kEpsilon ? V{} : now.xy / Sqrt(product);
  }
};

struct Beta {
  static constexpr std::size_t kInputs = 2, kOutputs = 1;
  WindowComoments sums;
  Window asset, benchmark;
  double n;
  bool started = false;
  Beta(const Values& p, Memory& memory)
      : sums(Whole(p[0])), asset(Whole(p[0]) + 1, memory), benchmark(Whole(p[0]) + 1, memory), n(p[0]) {}
  template <class V>
  PT_INLINE static V ReturnOf(Series<V> x) {
    const V before = *(x - 1);
    return IsZero(before) ? V{} : (*x - before) / before;
  }
  template <bool kFull, class V>
  PT_INLINE void Step(const Bar<V, 2>& bar, Out<V, 1>& out) {
    if (!kFull && !std::exchange(started, true)) return;
    const Comoments<V> now = sums.Step<kFull>(benchmark.Push(ReturnOf(bar[1])), asset.Push(ReturnOf(bar[0])));
    if (kFull || sums.filled()) out[0] = IsZero(n * now.xx) ? V{} : now.xy / now.xx;
  }
};

struct Total : Single {
  WindowSum sum;
  Total(const Values& p, Memory&) : sum(Whole(p[0])) {}
  template <bool kFull, class V>
  PT_INLINE void Step(const Bar<V, 1>& bar, Out<V, 1>& out) {
    const V total = sum.Step<kFull>(bar[0]);
    if (kFull || sum.filled()) out[0] = total;
  }
};

template <class Extreme>
struct Outermost : Single {
  Extreme extreme;
  Outermost(const Values& p, Memory& memory) : extreme(Whole(p[0]), memory) {}
  template <bool kFull, class V>
  PT_INLINE void Step(const Bar<V, 1>& bar, Out<V, 1>& out) {
    const V value = extreme.template Step<kFull>(bar[0]);
    if (kFull || extreme.filled()) out[0] = value;
  }
};

struct MidPoint : Single {
  WindowMax highest;
  WindowMin lowest;
  MidPoint(const Values& p, Memory& memory) : highest(Whole(p[0]), memory), lowest(Whole(p[0]), memory) {}
  template <bool kFull, class V>
  PT_INLINE void Step(const Bar<V, 1>& bar, Out<V, 1>& out) {
    const V top = highest.Step<kFull>(bar[0]);
    const V bottom = lowest.Step<kFull>(bar[0]);
    if (kFull || highest.filled()) out[0] = (top + bottom) / 2;
  }
};

std::size_t PeriodOf(const Values& p) { return Whole(p[0]); }
std::size_t BeforePeriod(const Values& p) { return Whole(p[0]) - 1; }

Indicator Entry(std::string_view name, std::string_view title, Parameter period, std::string_view talib,
                std::string_view formula, std::unique_ptr<Kernel> (*make)(const Values&, std::size_t)) {
  return {.name = name,
          .title = title,
          .family = Family::kStatistics,
          .parameters = {period},
          .inputs = {Input::kSource},
          .outputs = {name},
          .look_back = BeforePeriod,
          .talib = talib,
          .formula = formula,
          .source = talib.empty() ? "conventional" : kTaLib,
          .make = make};
}

}  // namespace

std::vector<Indicator> Statistics() {
  std::vector<Indicator> table = {
      Entry("linearreg", "Linear regression", Period(14, 2), "LINEARREG",
            "the least-squares line of n values, at the last", Make<Regression<Line::kEnd>>),
      Entry("linearreg_slope", "Slope of the linear regression", Period(14, 2), "LINEARREG_SLOPE",
            "the least-squares line's slope a bar", Make<Regression<Line::kSlope>>),
      Entry("linearreg_angle", "Angle of the linear regression", Period(14, 2), "LINEARREG_ANGLE",
            "arc tangent of the slope, degrees", Make<Regression<Line::kAngle>>),
      Entry("linearreg_intercept", "Intercept of the linear regression", Period(14, 2), "LINEARREG_INTERCEPT",
            "the least-squares line of n values, at the first", Make<Regression<Line::kIntercept>>),
      Entry("tsf", "Time series forecast", Period(14, 2), "TSF", "the least-squares line of n values, one bar on",
            Make<Regression<Line::kForecast>>),
      Entry("zscore", "Z-score", Period(20, 2), "", "(x - sma)/stddev (population); 0 where that is 0", Make<ZScore>),
      Entry("meandev", "Mean absolute deviation", Period(14), "", "mean of |x - sma| over n", Make<MeanAbsolute>),
      Entry("sum", "Sum", Period(30, 1), "SUM", "sum of the last n", Make<Total>),
      Entry("highest", "Highest", Period(30, 1), "MAX", "highest of the last n", Make<Outermost<WindowMax>>),
      Entry("lowest", "Lowest", Period(30, 1), "MIN", "lowest of the last n", Make<Outermost<WindowMin>>),
      Entry("midpoint", "Midpoint", Period(14, 1), "MIDPOINT", "(highest + lowest)/2 of the last n", Make<MidPoint>),
      Entry("correl", "Correlation", Period(30, 1), "CORREL",
            "Pearson's coefficient of both series over n; 0 where either does not vary", Make<Correlation>),
      Entry("beta", "Beta", Period(5, 1), "BETA",
            "covariance of 1-bar returns over the variance of second's, n returns; 0 where that is 0 (TA-Lib's first "
            "input "
            "is second)",
            Make<Beta>),
  };
  for (Indicator& entry : table) {
    if (entry.name == "correl" || entry.name == "beta") entry.inputs.push_back(Input::kSecond);
  }
  table.back().look_back = PeriodOf;
  return table;
}

}  // namespace papertape::indicators

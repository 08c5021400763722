// How far prices swing.
#include <cmath>

#include "libs/indicators/families.h"
#include "libs/indicators/moments.h"
#include "libs/indicators/smoothing.h"
#include "libs/indicators/true_range.h"

namespace papertape::indicators {
namespace {

struct Range {
  static constexpr std::size_t kInputs = 3, kOutputs = 1;
  bool started = false;
  Range(const Values&, Memory&) {}
  template <bool kFull, class V>
  PT_INLINE void Step(const Bar<V, 3>& bar, Out<V, 1>& out) {
    if (!kFull && !std::exchange(started, true)) return;
    out[0] = TrueRange(*bar[0], *bar[1], *(bar[2] - 1));
  }
};

template <bool kPercent>
struct AverageRange {
  static constexpr std::size_t kInputs = 3, kOutputs = 1;
  Ema average;
  bool started = false;
  AverageRange(const Values& p, Memory&) : average(Ema::Wilder(Whole(p[0]))) {}
  template <bool kFull, class V>
  PT_INLINE void Step(const Bar<V, 3>& bar, Out<V, 1>& out) {
    if (!kFull && !std::exchange(started, true)) return;
    const V range = average.Step<kFull>(TrueRange(*bar[0], *bar[1], *(bar[2] - 1)));
    if (!kFull && !average.filled()) return;
    if constexpr (kPercent) {
      out[0] = IsZero(*bar[2]) ? V{} : range / *bar[2] * 100;
    } else {
      out[0] = range;
    }
  }
};

template <bool kRoot>
struct Deviation {
  static constexpr std::size_t kInputs = 1, kOutputs = 1;
  WindowMoments moments;
  double times;
  Deviation(const Values& p, Memory&) : moments(Whole(p[0])), times(p[1]) {}
  template <bool kFull, class V>
  PT_INLINE void Step(const Bar<V, 1>& bar, Out<V, 1>& out) {
    const Moments<V> now = moments.Step<kFull>(bar[0]);
    if (kFull || moments.filled()) out[0] = kRoot ? Sqrt(now.variance) * times : now.variance;
  }
};

struct BollingerBands {
  static constexpr std::size_t kInputs = 1, kOutputs = 3;
  WindowMoments moments;
  double up, down;
  BollingerBands(const Values& p, Memory&) : moments(Whole(p[0])), up(p[1]), down(p[2]) {}
  template <bool kFull, class V>
  PT_INLINE void Step(const Bar<V, 1>& bar, Out<V, 3>& out) {
    const Moments<V> now = moments.Step<kFull>(bar[0]);
    if (!kFull && !moments.filled()) return;
    const V deviation = Sqrt(now.variance);
    out = {now.mean + up * deviation, now.mean, now.mean - down * deviation};
  }
};

struct Keltner {
  static constexpr std::size_t kInputs = 3, kOutputs = 3;
  Ema middle, range;
  double times;
  bool started = false;
  Keltner(const Values& p, Memory&)
      : middle(Ema::Standard(Whole(p[0]))), range(Ema::Wilder(Whole(p[1]))), times(p[2]) {}
  template <bool kFull, class V>
  PT_INLINE void Step(const Bar<V, 3>& bar, Out<V, 3>& out) {
    const V mean = middle.Step<kFull>(*bar[2]);
    if (!kFull && !std::exchange(started, true)) return;
    const V width = times * range.Step<kFull>(TrueRange(*bar[0], *bar[1], *(bar[2] - 1)));
    if (kFull || (middle.filled() && range.filled())) out = {mean + width, mean, mean - width};
  }
};

struct Donchian {
  static constexpr std::size_t kInputs = 2, kOutputs = 3;
  WindowMax highest;
  WindowMin lowest;
  Donchian(const Values& p, Memory& memory) : highest(Whole(p[0]), memory), lowest(Whole(p[0]), memory) {}
  template <bool kFull, class V>
  PT_INLINE void Step(const Bar<V, 2>& bar, Out<V, 3>& out) {
    const V top = highest.Step<kFull>(bar[0]);
    const V bottom = lowest.Step<kFull>(bar[1]);
    if (kFull || highest.filled()) out = {top, (top + bottom) / 2, bottom};
  }
};

struct Historical {
  static constexpr std::size_t kInputs = 1, kOutputs = 1;
  WindowMoments moments;
  Window returns;
  double scale;
  bool started = false;
  Historical(const Values& p, Memory& memory)
      : moments(Whole(p[0])), returns(Whole(p[0]) + 1, memory), scale(100 * Sqrt(p[1] * p[0] / (p[0] - 1))) {}
  template <bool kFull, class V>
  PT_INLINE void Step(const Bar<V, 1>& bar, Out<V, 1>& out) {
    if (!kFull && !std::exchange(started, true)) return;
    const V now = *bar[0];
    const V before = *(bar[0] - 1);
    // What is no price has no return.
    const V change = ((now > 0) & (before > 0)) ? Log(now / before) : V{};
    const Moments<V> last = moments.Step<kFull>(returns.Push(change));
    if (kFull || moments.filled()) out[0] = Sqrt(last.variance) * scale;
  }
};

struct Choppiness {
  static constexpr std::size_t kInputs = 3, kOutputs = 1;
  WindowSum path;
  WindowMax highest;
  WindowMin lowest;
  double scale;
  bool started = false;
  Choppiness(const Values& p, Memory& memory)
      : path(Whole(p[0])), highest(Whole(p[0]), memory), lowest(Whole(p[0]), memory), scale(100 / Log(p[0])) {}
  template <bool kFull, class V>
  PT_INLINE void Step(const Bar<V, 3>& bar, Out<V, 1>& out) {
    const auto high = bar[0];
    const auto low = bar[1];
    const auto close = bar[2];
    const V top = highest.Step<kFull>(high);
    const V bottom = lowest.Step<kFull>(low);
    if (!kFull && !std::exchange(started, true)) return;
    const V length =
        path.StepOf<kFull>([=](std::size_t ago) { return TrueRange(*(high - ago), *(low - ago), *(close - ago - 1)); });
    if (!kFull && !path.filled()) return;
    const V span = top - bottom;
    out[0] = Either(IsZero(span), IsZero(length)) ? V{} : scale * Log(length / span);
  }
};

std::size_t PeriodOf(const Values& p) { return Whole(p[0]); }
std::size_t BeforePeriod(const Values& p) { return Whole(p[0]) - 1; }
std::size_t One(const Values&) { return 1; }

Indicator Entry(std::string_view name, std::string_view title, std::vector<Parameter> parameters,
                std::vector<Input> inputs, std::size_t (*look_back)(const Values&), std::string_view talib,
                std::string_view formula, std::unique_ptr<Kernel> (*make)(const Values&, std::size_t)) {
  return {.name = name,
          .title = title,
          .family = Family::kVolatility,
          .parameters = std::move(parameters),
          .inputs = std::move(inputs),
          .outputs = {name},
          .look_back = look_back,
          .talib = talib,
          .formula = formula,
          .source = talib.empty() ? "conventional" : kTaLib,
          .make = make};
}

const std::vector<Input>& HighLowClose() {
  static const auto* const inputs = new std::vector<Input>{Input::kHigh, Input::kLow, Input::kClose};
  return *inputs;
}

std::vector<Indicator> Ranges() {
  return {
      Entry("trange", "True range", {}, HighLowClose(), One, "TRANGE",
            "largest of high - low, |high - close[1]|, |low - close[1]|", Make<Range>),
      Entry("atr", "Average true range", {Period(14)}, HighLowClose(), PeriodOf, "ATR",
            "Wilder's average of trange; seed: mean of its first n", Make<AverageRange<false>>),
      Entry("natr", "Average true range, percent of the close", {Period(14)}, HighLowClose(), PeriodOf, "NATR",
            "100*atr/close; 0 where close is 0", Make<AverageRange<true>>),
      Entry("stddev", "Standard deviation", {Period(20, 2), {"deviations", 1, 0, 100, false}}, {Input::kSource},
            BeforePeriod, "STDDEV", "square root of var, times deviations", Make<Deviation<true>>),
      Entry("var", "Variance", {Period(20, 1)}, {Input::kSource}, BeforePeriod, "VAR",
            "mean of squares - square of the mean (population: divided by n); 0 below 1e-14", Make<Deviation<false>>),
      Entry("choppiness", "Choppiness index", {Period(14, 2)}, HighLowClose(), PeriodOf, "",
            "100*log(sum of true ranges / (HH - LL))/log(n); 0 where either is 0", Make<Choppiness>),
      Entry("hv", "Historical volatility, percent a year", {Period(20, 2), {"bars_per_year", 252, 1, 1e6, false}},
            {Input::kSource}, PeriodOf, "",
            "100*sqrt(bars_per_year) * sample deviation (divided by n-1) of ln(x/x[1]); a return is 0 where x is not "
            "positive",
            Make<Historical>),
  };
}

}  // namespace

std::vector<Indicator> Volatility() {
  std::vector<Indicator> table = Ranges();
  Indicator bollinger =
      Entry("bbands", "Bollinger bands", {Period(20, 2), {"up", 2, 0, 100, false}, {"down", 2, 0, 100, false}},
            {Input::kSource}, BeforePeriod, "BBANDS", "sma + up*stddev, sma, sma - down*stddev", Make<BollingerBands>);
  Indicator keltner = Entry(
      "keltner", "Keltner channel", {Period(20), Period(10, 1, "atr_period"), {"multiplier", 2, 0, 100, false}},
      HighLowClose(), [](const Values& p) { return std::max(Whole(p[0]) - 1, Whole(p[1])); }, "",
      "ema(close) + m*atr, ema(close), ema(close) - m*atr", Make<Keltner>);
  Indicator donchian = Entry("donchian", "Donchian channel", {Period(20)}, {Input::kHigh, Input::kLow}, BeforePeriod,
                             "", "HH, (HH+LL)/2, LL of n bars, this one included", Make<Donchian>);
  for (Indicator* entry : {&bollinger, &keltner, &donchian}) {
    entry->outputs = {"upper", "middle", "lower"};
    table.push_back(std::move(*entry));
  }
  return table;
}

}  // namespace papertape::indicators

// How far and how fast a series moves.
#include <cmath>

#include "libs/indicators/families.h"
#include "libs/indicators/moments.h"
#include "libs/indicators/smoothing.h"

namespace papertape::indicators {
namespace {

struct Single {  // one series in, one out
  static constexpr std::size_t kInputs = 1, kOutputs = 1;
};

// A function of the value and of the one n bars ago.
template <class Compare>
struct Against : Single {
  std::size_t n;
  std::size_t seen = 0;
  Against(const Values& p, Memory&) : n(Whole(p[0])) {}
  template <bool kFull, class V>
  PT_INLINE void Step(const Bar<V, 1>& bar, Out<V, 1>& out) {
    if (!kFull && seen++ < n) return;
    out[0] = Compare::Of(*bar[0], *(bar[0] - n));
  }
};
struct Difference {
  template <class V>
  PT_INLINE static V Of(V now, V then) {
    return now - then;
  }
};
struct PercentChange {
  template <class V>
  PT_INLINE static V Of(V now, V then) {
    return then != 0 ? (now / then - 1) * 100 : V{};
  }
};
struct RelativeChange {
  template <class V>
  PT_INLINE static V Of(V now, V then) {
    return then != 0 ? (now - then) / then : V{};
  }
};
struct Ratio {
  template <class V>
  PT_INLINE static V Of(V now, V then) {
    return then != 0 ? now / then : V{};
  }
};

// Wilder's averages of gains and of losses, and what is made of them.
template <bool kBalance>
struct GainsAndLosses : Single {
  Ema gains, losses;
  bool started = false;
  GainsAndLosses(const Values& p, Memory&) : gains(Ema::Wilder(Whole(p[0]))), losses(gains) {}
  template <bool kFull, class V>
  PT_INLINE void Step(const Bar<V, 1>& bar, Out<V, 1>& out) {
    if constexpr (!kFull) {
      if (!std::exchange(started, true)) return;
    }
    const V change = *bar[0] - *(bar[0] - 1);
    const V gain = gains.Step<kFull>(change > 0 ? change : V{});
    const V loss = losses.Step<kFull>(change < 0 ? -change : V{});
    if (!kFull && !gains.filled()) return;
    const V all = gain + loss;
    out[0] = IsZero(all) ? V{} : 100 * ((kBalance ? gain - loss : gain) / all);
  }
};

// A fast and a slow EMA that begin at the same bar, as TA-Lib has them.
struct TwoEmas {
  Ema fast, slow;
  std::size_t skip;  // values that the fast one leaves out
  TwoEmas(double a, double b)
      : fast(Ema::Standard(Whole(std::min(a, b)))),
        slow(Ema::Standard(Whole(std::max(a, b)))),
        skip(Whole(Abs(a - b))) {}
  template <bool kFull, class V>
  PT_INLINE std::array<V, 2> Step(V x) {
    const V s = slow.Step<kFull>(x);
    if (!kFull && skip > 0) {
      --skip;
      return {};
    }
    return {fast.Step<kFull>(x), s};
  }
};

struct Macd {
  static constexpr std::size_t kInputs = 1, kOutputs = 3;
  TwoEmas emas;
  Ema signal;
  Macd(const Values& p, Memory&) : emas(p[0], p[1]), signal(Ema::Standard(Whole(p[2]))) {}
  template <bool kFull, class V>
  PT_INLINE void Step(const Bar<V, 1>& bar, Out<V, 3>& out) {
    const auto [fast, slow] = emas.Step<kFull>(*bar[0]);
    if (!kFull && !emas.slow.filled()) return;
    const V line = fast - slow;
    const V smooth = signal.Step<kFull>(line);
    if (!kFull && !signal.filled()) return;
    out = {line, smooth, line - smooth};
  }
};

template <bool kPercent>
struct PriceOscillator : Single {
  TwoEmas emas;
  PriceOscillator(const Values& p, Memory&) : emas(p[0], p[1]) { emas.skip = 0; }  // here each has its own seed
  template <bool kFull, class V>
  PT_INLINE void Step(const Bar<V, 1>& bar, Out<V, 1>& out) {
    const auto [fast, slow] = emas.Step<kFull>(*bar[0]);
    if (!kFull && !emas.slow.filled()) return;
    if constexpr (kPercent) {
      out[0] = IsZero(slow) ? V{} : (fast - slow) / slow * 100;
    } else {
      out[0] = fast - slow;
    }
  }
};

struct Trix : Single {
  Ema first, second, third;
  Previous before;
  bool started = false;
  Trix(const Values& p, Memory&) : first(Ema::Standard(Whole(p[0]))), second(first), third(first) {}
  template <bool kFull, class V>
  PT_INLINE void Step(const Bar<V, 1>& bar, Out<V, 1>& out) {
    const V one = first.Step<kFull>(*bar[0]);
    if (!kFull && !first.filled()) return;
    const V two = second.Step<kFull>(one);
    if (!kFull && !second.filled()) return;
    const V three = third.Step<kFull>(two);
    if (!kFull && !third.filled()) return;
    const V last = before.Step(three);
    if (!kFull && !std::exchange(started, true)) return;
    out[0] = PercentChange::Of(three, last);
  }
};

struct TrueStrength : Single {
  Ema slow, fast, slow_size, fast_size;
  bool started = false;
  TrueStrength(const Values& p, Memory&)
      : slow(Ema::Standard(Whole(p[0]))), fast(Ema::Standard(Whole(p[1]))), slow_size(slow), fast_size(fast) {}
  template <bool kFull, class V>
  PT_INLINE void Step(const Bar<V, 1>& bar, Out<V, 1>& out) {
    if (!kFull && !std::exchange(started, true)) return;
    const V change = *bar[0] - *(bar[0] - 1);
    const V one = slow.Step<kFull>(change);
    const V one_size = slow_size.Step<kFull>(Abs(change));
    if (!kFull && !slow.filled()) return;
    const V two = fast.Step<kFull>(one);
    const V two_size = fast_size.Step<kFull>(one_size);
    if (!kFull && !fast.filled()) return;
    out[0] = IsZero(two_size) ? V{} : 100 * two / two_size;
  }
};

struct Ultimate {
  static constexpr std::size_t kInputs = 3, kOutputs = 1;
  std::array<std::size_t, 3> periods;  // ascending
  std::array<WindowSum, 3> pressures, ranges;
  Window pressure, range;
  bool started = false;
  static std::array<std::size_t, 3> Sorted(const Values& p) {
    std::array<std::size_t, 3> sorted = {Whole(p[0]), Whole(p[1]), Whole(p[2])};
    std::sort(sorted.begin(), sorted.end());
    return sorted;
  }
  Ultimate(const Values& p, Memory& memory)
      : periods(Sorted(p)),
        pressures{WindowSum(periods[0]), WindowSum(periods[1]), WindowSum(periods[2])},
        ranges(pressures),
        pressure(periods[2] + 1, memory),
        range(periods[2] + 1, memory) {}
  template <bool kFull, class V>
  PT_INLINE void Step(const Bar<V, 3>& bar, Out<V, 1>& out) {
    if (!kFull && !std::exchange(started, true)) return;
    const V high = *bar[0];
    const V low = *bar[1];
    const V close = *bar[2];
    const V before = *(bar[2] - 1);
    const auto pushed = pressure.Push(close - Min(low, before));
    const auto ranged = range.Push(Max(high, before) - Min(low, before));
    std::array<V, 3> shares{};
    for (std::size_t i = 0; i < 3; ++i) {
      const V up = pressures[i].Step<kFull>(pushed);
      const V all = ranges[i].Step<kFull>(ranged);
      shares[i] = IsZero(all) ? V{} : up / all;
    }
    if (kFull || ranges[2].filled()) out[0] = 100 * ((4 * shares[0] + 2 * shares[1] + shares[2]) / 7);
  }
};

struct BalanceOfPower {
  static constexpr std::size_t kInputs = 4, kOutputs = 1;
  BalanceOfPower(const Values&, Memory&) {}
  template <bool kFull, class V>
  PT_INLINE void Step(const Bar<V, 4>& bar, Out<V, 1>& out) {
    const V range = *bar[1] - *bar[2];
    out[0] = range < kEpsilon ? V{} : (*bar[3] - *bar[0]) / range;
  }
};

struct CommodityChannel {
  static constexpr std::size_t kInputs = 3, kOutputs = 1;
  std::size_t n;
  WindowMean mean;
  Window typical;
  CommodityChannel(const Values& p, Memory& memory) : n(Whole(p[0])), mean(n), typical(n + 1, memory) {}
  template <bool kFull, class V>
  PT_INLINE void Step(const Bar<V, 3>& bar, Out<V, 1>& out) {
    const auto price = typical.Push((*bar[0] + *bar[1] + *bar[2]) / 3);
    const V average = mean.Step<kFull>(price);
    if (!kFull && !mean.filled()) return;
    const V away = *price - average;
    const V deviation = MeanDeviation(price, n, average);
    out[0] = ((away != 0) & (deviation != 0)) ? away / (0.015 * deviation) : V{};
  }
};

struct Awesome {
  static constexpr std::size_t kInputs = 2, kOutputs = 1;
  WindowSum fast, slow;
  double fast_scale, slow_scale;
  Awesome(const Values& p, Memory&)
      : fast(Whole(p[0])), slow(Whole(p[1])), fast_scale(0.5 / p[0]), slow_scale(0.5 / p[1]) {}
  template <bool kFull, class V>
  PT_INLINE void Step(const Bar<V, 2>& bar, Out<V, 1>& out) {
    const auto twice_middle = [&](std::size_t ago) { return *(bar[0] - ago) + *(bar[1] - ago); };
    const V near = fast.StepOf<kFull>(twice_middle) * fast_scale;
    const V far = slow.StepOf<kFull>(twice_middle) * slow_scale;
    if (kFull || (slow.filled() && fast.filled())) out[0] = near - far;
  }
};

std::size_t PeriodOf(const Values& p) { return Whole(p[0]); }
std::size_t SlowerOf(const Values& p) { return Whole(std::max(p[0], p[1])) - 1; }

Indicator Entry(std::string_view name, std::string_view title, std::vector<Parameter> parameters,
                std::size_t (*look_back)(const Values&), std::string_view talib, std::string_view formula,
                std::unique_ptr<Kernel> (*make)(const Values&, std::size_t)) {
  return {.name = name,
          .title = title,
          .family = Family::kMomentum,
          .parameters = std::move(parameters),
          .inputs = {Input::kSource},
          .outputs = {name},
          .look_back = look_back,
          .talib = talib,
          .formula = formula,
          .source = kTaLib,
          .make = make};
}

std::vector<Indicator> OfSeries() {
  return {
      Entry("mom", "Momentum", {Period(10)}, PeriodOf, "MOM", "x - x[n]", Make<Against<Difference>>),
      Entry("roc", "Rate of change, percent", {Period(10)}, PeriodOf, "ROC", "(x/x[n] - 1)*100; 0 where x[n] is 0",
            Make<Against<PercentChange>>),
      Entry("rocp", "Rate of change, fraction", {Period(10)}, PeriodOf, "ROCP", "(x - x[n])/x[n]; 0 where x[n] is 0",
            Make<Against<RelativeChange>>),
      Entry("rocr", "Rate of change, ratio", {Period(10)}, PeriodOf, "ROCR", "x/x[n]; 0 where x[n] is 0",
            Make<Against<Ratio>>),
      Entry("rsi", "Relative strength index", {Period(14, 2)}, PeriodOf, "RSI",
            "100*G/(G+L), Wilder averages of gains and losses; seed: mean of the first n changes; 0 where G+L is 0",
            Make<GainsAndLosses<false>>),
      Entry("cmo", "Chande momentum oscillator", {Period(14, 2)}, PeriodOf, "CMO",
            "100*(G-L)/(G+L), averages as in rsi", Make<GainsAndLosses<true>>),
      Entry("apo", "Absolute price oscillator", {Period(12, 2, "fast"), Period(26, 2, "slow")}, SlowerOf, "APO",
            "EMA fast - EMA slow, each seeded with the mean of its own first values", Make<PriceOscillator<false>>),
      Entry("ppo", "Percentage price oscillator", {Period(12, 2, "fast"), Period(26, 2, "slow")}, SlowerOf, "PPO",
            "(EMA fast - EMA slow)/EMA slow*100, as in apo", Make<PriceOscillator<true>>),
      Entry(
          "trix", "Change of a triple exponential average", {Period(15)},
          [](const Values& p) { return 3 * (Whole(p[0]) - 1) + 1; }, "TRIX", "1-bar roc of EMA of EMA of EMA",
          Make<Trix>),
  };
}

}  // namespace

std::vector<Indicator> Momentum() {
  std::vector<Indicator> table = OfSeries();
  Indicator macd = Entry(
      "macd", "Moving average convergence/divergence",
      {Period(12, 2, "fast"), Period(26, 2, "slow"), Period(9, 1, "signal")},
      [](const Values& p) { return SlowerOf(p) + Whole(p[2]) - 1; }, "MACD",
      "EMA fast - EMA slow (the fast one seeded with the last values before the slow one's first), its EMA, difference",
      Make<Macd>);
  macd.outputs = {"macd", "signal", "histogram"};
  Indicator tsi = Entry(
      "tsi", "True strength index", {Period(25, 1, "slow"), Period(13, 1, "fast")},
      [](const Values& p) { return Whole(p[0]) + Whole(p[1]) - 1; }, "",
      "100 * EMA(EMA(change, slow), fast) / the same of |change|; 0 where that is 0", Make<TrueStrength>);
  tsi.source = "W. Blau, 1991";
  Indicator ultosc = Entry(
      "ultosc", "Ultimate oscillator", {Period(7, 1, "short"), Period(14, 1, "middle"), Period(28, 1, "long")},
      [](const Values& p) {
        return Whole(std::max({p[0], p[1], p[2]}));
      },
      "ULTOSC", "100*(4a + 2b + c)/7, each the sum of (close - true low) over the sum of true ranges", Make<Ultimate>);
  ultosc.inputs = {Input::kHigh, Input::kLow, Input::kClose};
  Indicator bop = Entry(
      "bop", "Balance of power", {}, [](const Values&) { return std::size_t{0}; }, "BOP",
      "(close - open)/(high - low); 0 where high is low", Make<BalanceOfPower>);
  bop.inputs = {Input::kOpen, Input::kHigh, Input::kLow, Input::kClose};
  Indicator cci = Entry(
      "cci", "Commodity channel index", {Period(14, 2)}, [](const Values& p) { return Whole(p[0]) - 1; }, "CCI",
      "(tp - SMA(tp))/(0.015 * mean deviation), tp = (high+low+close)/3; 0 where either is 0", Make<CommodityChannel>);
  cci.inputs = {Input::kHigh, Input::kLow, Input::kClose};
  Indicator awesome = Entry("ao", "Awesome oscillator", {Period(5, 1, "fast"), Period(34, 1, "slow")}, SlowerOf, "",
                            "SMA fast - SMA slow of (high+low)/2", Make<Awesome>);
  awesome.inputs = {Input::kHigh, Input::kLow};
  awesome.source = "B. Williams";
  for (Indicator* entry : {&macd, &tsi, &ultosc, &bop, &cci, &awesome}) table.push_back(std::move(*entry));
  return table;
}

}  // namespace papertape::indicators

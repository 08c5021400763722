// Averages of a series.
#include <cmath>

#include "libs/indicators/families.h"
#include "libs/indicators/smoothing.h"
#include "libs/indicators/weighted_sum.h"

namespace papertape::indicators {
namespace {

struct Single {  // one series in, one out
  static constexpr std::size_t kInputs = 1, kOutputs = 1;
};

struct Sma : Single {
  WindowSum sum;
  double scale;
  Sma(const Values& p, Memory&) : sum(Whole(p[0])), scale(1 / p[0]) {}
  template <bool kFull, class V>
  PT_INLINE void Step(const Bar<V, 1>& bar, Out<V, 1>& out) {
    const V total = sum.Step<kFull>(bar[0]);
    if (kFull || sum.filled()) out[0] = total * scale;
  }
};

struct Smoothed : Single {
  Ema ema;
  explicit Smoothed(const Ema& e) : ema(e) {}
  template <bool kFull, class V>
  PT_INLINE void Step(const Bar<V, 1>& bar, Out<V, 1>& out) {
    const V value = ema.Step<kFull>(*bar[0]);
    if (kFull || ema.filled()) out[0] = value;
  }
};
struct StandardEma : Smoothed {
  StandardEma(const Values& p, Memory&) : Smoothed(Ema::Standard(Whole(p[0]))) {}
};
struct WilderAverage : Smoothed {
  WilderAverage(const Values& p, Memory&) : Smoothed(Ema::Wilder(Whole(p[0]))) {}
};

struct Wma : Single {
  WindowWeightedMean mean;
  Wma(const Values& p, Memory&) : mean(Whole(p[0])) {}
  template <bool kFull, class V>
  PT_INLINE void Step(const Bar<V, 1>& bar, Out<V, 1>& out) {
    const V value = mean.Step<kFull>(bar[0]);
    if (kFull || mean.filled()) out[0] = value;
  }
};

struct Dema : Single {
  Ema first, second;
  Dema(const Values& p, Memory&) : first(Ema::Standard(Whole(p[0]))), second(first) {}
  template <bool kFull, class V>
  PT_INLINE void Step(const Bar<V, 1>& bar, Out<V, 1>& out) {
    const V one = first.Step<kFull>(*bar[0]);
    if (!kFull && !first.filled()) return;
    const V two = second.Step<kFull>(one);
    if (kFull || second.filled()) out[0] = 2 * one - two;
  }
};

struct Tema : Single {
  Ema first, second, third;
  Tema(const Values& p, Memory&) : first(Ema::Standard(Whole(p[0]))), second(first), third(first) {}
  template <bool kFull, class V>
  PT_INLINE void Step(const Bar<V, 1>& bar, Out<V, 1>& out) {
    const V one = first.Step<kFull>(*bar[0]);
    if (!kFull && !first.filled()) return;
    const V two = second.Step<kFull>(one);
    if (!kFull && !second.filled()) return;
    const V three = third.Step<kFull>(two);
    if (kFull || third.filled()) out[0] = 3 * one - 3 * two + three;
  }
};

struct T3 : Single {
  std::array<Ema, 6> stages;
  std::array<double, 4> factors;
  T3(const Values& p, Memory&)
      : stages{Ema::Standard(Whole(p[0])), Ema::Standard(Whole(p[0])), Ema::Standard(Whole(p[0])),
               Ema::Standard(Whole(p[0])), Ema::Standard(Whole(p[0])), Ema::Standard(Whole(p[0]))} {
    const double v = p[1];
    factors = {1 + 3 * v + v * v * v + 3 * v * v, -6 * v * v - 3 * (v + v * v * v), 3 * (v * v + v * v * v),
               -v * v * v};
  }
  template <bool kFull, class V>
  PT_INLINE void Step(const Bar<V, 1>& bar, Out<V, 1>& out) {
    std::array<V, 6> e{};
    V value = *bar[0];
#pragma GCC unroll 6
    for (std::size_t i = 0; i < stages.size(); ++i) {
      value = e[i] = stages[i].Step<kFull>(value);
      if (!kFull && !stages[i].filled()) return;
    }
    out[0] = factors[0] * e[2] + factors[1] * e[3] + factors[2] * e[4] + factors[3] * e[5];
  }
};

struct Trima : Single {
  std::size_t inner_period, outer_period;
  WindowSum inner, outer;
  Window inner_sums;
  double scale;
  Trima(const Values& p, Memory& memory)
      : inner_period((Whole(p[0]) + 1) / 2),
        outer_period(Whole(p[0]) / 2 + 1),
        inner(inner_period),
        outer(outer_period),
        inner_sums(outer_period + 1, memory),
        scale(1.0 / static_cast<double>(inner_period * outer_period)) {}
  template <bool kFull, class V>
  PT_INLINE void Step(const Bar<V, 1>& bar, Out<V, 1>& out) {
    const V sum = inner.Step<kFull>(bar[0]);
    if (!kFull && !inner.filled()) return;
    const V total = outer.Step<kFull>(inner_sums.Push(sum));
    if (kFull || outer.filled()) out[0] = total * scale;
  }
};

struct Kama : Single {
  static constexpr double kSlowest = 2.0 / 31;
  static constexpr double kSpan = 2.0 / 3 - kSlowest;
  std::size_t n;
  WindowSum path;
  Pursuit kama;
  bool started = false;
  Kama(const Values& p, Memory&) : n(Whole(p[0])), path(n) {}
  template <bool kFull, class V>
  PT_INLINE void Step(const Bar<V, 1>& bar, Out<V, 1>& out) {
    const auto x = bar[0];
    if constexpr (!kFull) {
      if (!std::exchange(started, true)) return;
    }
    const V length = path.StepOf<kFull>([x](std::size_t ago) { return Abs(*(x - ago) - *(x - ago - 1)); });
    if constexpr (!kFull) {
      if (!path.filled()) return;
      kama.Seed(*(x - 1));
    }
    const V change = *x - *(x - n);
    const V efficiency = Either(length <= change, IsZero(length)) ? V{} + 1.0 : Abs(change / length);
    const V rate = efficiency * kSpan + kSlowest;
    out[0] = kama.Step<kFull>(*x, rate * rate);
  }
};

struct Hull : Single {
  std::size_t last_period;
  WindowWeightedMean half, whole, last;
  Window raw;
  Hull(const Values& p, Memory& memory)
      : last_period(Whole(Sqrt(p[0]))),
        half(Whole(p[0]) / 2),
        whole(Whole(p[0])),
        last(last_period),
        raw(last_period + 1, memory) {}
  template <bool kFull, class V>
  PT_INLINE void Step(const Bar<V, 1>& bar, Out<V, 1>& out) {
    const V fast = half.Step<kFull>(bar[0]);
    const V slow = whole.Step<kFull>(bar[0]);
    if (!kFull && !whole.filled()) return;
    const V value = last.Step<kFull>(raw.Push(2 * fast - slow));
    if (kFull || last.filled()) out[0] = value;
  }
};

struct VolumeWeighted {
  static constexpr std::size_t kInputs = 2, kOutputs = 1;
  WindowSum traded, volume;
  VolumeWeighted(const Values& p, Memory&) : traded(Whole(p[0])), volume(Whole(p[0])) {}
  template <bool kFull, class V>
  PT_INLINE void Step(const Bar<V, 2>& bar, Out<V, 1>& out) {
    const auto x = bar[0];
    const auto v = bar[1];
    const V sum = traded.StepOf<kFull>([&](std::size_t ago) { return *(x - ago) * *(v - ago); });
    const V shares = volume.Step<kFull>(v);
    if (kFull || volume.filled()) out[0] = IsZero(shares) ? V{} + kNa : sum / shares;
  }
};

template <std::size_t kTimes>
std::size_t Stages(const Values& p) {
  return kTimes * (Whole(p[0]) - 1);
}

Indicator Average(std::string_view name, std::string_view title, std::vector<Parameter> parameters,
                  std::size_t (*look_back)(const Values&), std::string_view talib, std::string_view formula,
                  std::string_view source, std::unique_ptr<Kernel> (*make)(const Values&, std::size_t)) {
  return {.name = name,
          .title = title,
          .family = Family::kMovingAverage,
          .parameters = std::move(parameters),
          .inputs = {Input::kSource},
          .outputs = {name},
          .look_back = look_back,
          .talib = talib,
          .formula = formula,
          .source = source,
          .make = make};
}

}  // namespace

std::vector<Indicator> MovingAverages() {
  std::vector<Indicator> table = {
      Average("sma", "Simple moving average", {Period(20)}, Stages<1>, "SMA", "mean of the last n", kTaLib, Make<Sma>),
      Average("ema", "Exponential moving average", {Period(20)}, Stages<1>, "EMA",
              "e += 2/(n+1) * (x - e); seed: mean of the first n", kTaLib, Make<StandardEma>),
      Average("rma", "Wilder's moving average", {Period(14)}, Stages<1>, "",
              "e += (x - e)/n; seed: mean of the first n", "J. W. Wilder, New Concepts in Technical Trading Systems",
              Make<WilderAverage>),
      Average("wma", "Weighted moving average", {Period(20)}, Stages<1>, "WMA",
              "weights 1 (oldest) to n (newest), divided by n(n+1)/2", kTaLib, Make<Wma>),
      Average("dema", "Double exponential moving average", {Period(20)}, Stages<2>, "DEMA",
              "2*E1 - E2, E2 = EMA of E1, each seeded with the mean of its first n", kTaLib, Make<Dema>),
      Average("tema", "Triple exponential moving average", {Period(20)}, Stages<3>, "TEMA",
              "3*E1 - 3*E2 + E3, each seeded with the mean of its first n", kTaLib, Make<Tema>),
      Average("t3", "Tillson's T3", {Period(5, 2), {"volume_factor", 0.7, 0, 1, false}}, Stages<6>, "T3",
              "-v^3*E6 + 3(v^2+v^3)*E5 - (6v^2+3v+3v^3)*E4 + (1+3v+3v^2+v^3)*E3 of six nested EMAs", kTaLib, Make<T3>),
      Average("trima", "Triangular moving average", {Period(20)}, Stages<1>, "TRIMA",
              "SMA of SMA: of (n+1)/2 both when n is odd, of n/2 and n/2 + 1 when it is even", kTaLib, Make<Trima>),
      Average(
          "kama", "Kaufman's adaptive moving average", {Period(10, 2)}, [](const Values& p) { return Whole(p[0]); },
          "KAMA",
          "k += (er*(2/3 - 2/31) + 2/31)^2 * (x - k), er = |change over n| / sum of |1-bar changes|; seed: the value "
          "before",
          kTaLib, Make<Kama>),
      Average(
          "hma", "Hull moving average", {Period(16, 2)},
          [](const Values& p) { return Whole(p[0]) - 1 + Whole(Sqrt(p[0])) - 1; }, "",
          "WMA(2*WMA(x, n/2) - WMA(x, n), sqrt(n)), both rounded down", "A. Hull, 2005", Make<Hull>),
      Average("vwma", "Volume-weighted moving average", {Period(20)}, Stages<1>, "",
              "sum of x*volume / sum of volume over n; na where no volume", "conventional", Make<VolumeWeighted>),
  };
  table.back().inputs.push_back(Input::kVolume);
  return table;
}

}  // namespace papertape::indicators

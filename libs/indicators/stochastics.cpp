// Where a price stands between the highest and the lowest of the last n bars.
#include "libs/indicators/families.h"
#include "libs/indicators/smoothing.h"

namespace papertape::indicators {
namespace {

// 100 where x is the highest, 0 where it is the lowest or both are the same.
template <class V>
PT_INLINE V Place(V x, V highest, V lowest) {
  const V range = (highest - lowest) / 100;
  return range != 0 ? (x - lowest) / range : V{};
}

// The mean of the last n of a series made here.
struct Mean {
  WindowSum sum;
  Window recent;
  double scale;
  Mean(double n, Memory& memory) : sum(Whole(n)), recent(Whole(n) + 1, memory), scale(1 / n) {}
  [[nodiscard]] bool filled() const { return sum.filled(); }
  template <bool kFull, class V>
  PT_INLINE V Step(V x) {
    return sum.Step<kFull>(recent.Push(x)) * scale;
  }
};

struct FastK {
  WindowMax highest;
  WindowMin lowest;
  FastK(double n, Memory& memory) : highest(Whole(n), memory), lowest(Whole(n), memory) {}
  [[nodiscard]] bool filled() const { return highest.filled(); }
  template <bool kFull, class V>
  PT_INLINE V Step(Series<V> high, Series<V> low, V close) {
    const V top = highest.Step<kFull>(high);
    const V bottom = lowest.Step<kFull>(low);
    return Place(close, top, bottom);
  }
};

struct Williams {
  static constexpr std::size_t kInputs = 3, kOutputs = 1;
  WindowMax highest;
  WindowMin lowest;
  Williams(const Values& p, Memory& memory) : highest(Whole(p[0]), memory), lowest(Whole(p[0]), memory) {}
  template <bool kFull, class V>
  PT_INLINE void Step(const Bar<V, 3>& bar, Out<V, 1>& out) {
    const V top = highest.Step<kFull>(bar[0]);
    const V range = (top - lowest.Step<kFull>(bar[1])) / -100;
    if (kFull || highest.filled()) out[0] = range != 0 ? (top - *bar[2]) / range : V{};
  }
};

struct Stochastic {
  static constexpr std::size_t kInputs = 3, kOutputs = 2;
  FastK fast;
  Mean slow, smooth;
  Stochastic(const Values& p, Memory& memory) : fast(p[0], memory), slow(p[1], memory), smooth(p[2], memory) {}
  template <bool kFull, class V>
  PT_INLINE void Step(const Bar<V, 3>& bar, Out<V, 2>& out) {
    const V k = fast.Step<kFull>(bar[0], bar[1], *bar[2]);
    if (!kFull && !fast.filled()) return;
    const V slow_k = slow.Step<kFull>(k);
    if (!kFull && !slow.filled()) return;
    const V slow_d = smooth.Step<kFull>(slow_k);
    if (kFull || smooth.filled()) out = {slow_k, slow_d};
  }
};

struct StochasticFast {
  static constexpr std::size_t kInputs = 3, kOutputs = 2;
  FastK fast;
  Mean smooth;
  StochasticFast(const Values& p, Memory& memory) : fast(p[0], memory), smooth(p[1], memory) {}
  template <bool kFull, class V>
  PT_INLINE void Step(const Bar<V, 3>& bar, Out<V, 2>& out) {
    const V k = fast.Step<kFull>(bar[0], bar[1], *bar[2]);
    if (!kFull && !fast.filled()) return;
    const V d = smooth.Step<kFull>(k);
    if (kFull || smooth.filled()) out = {k, d};
  }
};

struct StochasticRsi {
  static constexpr std::size_t kInputs = 1, kOutputs = 2;
  Ema gains, losses;
  Window strength;
  FastK fast;
  Mean smooth;
  bool started = false;
  StochasticRsi(const Values& p, Memory& memory)
      : gains(Ema::Wilder(Whole(p[0]))),
        losses(gains),
        strength(Whole(p[1]), memory),
        fast(p[1], memory),
        smooth(p[2], memory) {}
  template <bool kFull, class V>
  PT_INLINE void Step(const Bar<V, 1>& bar, Out<V, 2>& out) {
    if (!kFull && !std::exchange(started, true)) return;
    const V change = *bar[0] - *(bar[0] - 1);
    const V gain = gains.Step<kFull>(change > 0 ? change : V{});
    const V loss = losses.Step<kFull>(change < 0 ? -change : V{});
    if (!kFull && !gains.filled()) return;
    const auto rsi = strength.Push(IsZero(gain + loss) ? V{} : 100 * (gain / (gain + loss)));
    const V k = fast.Step<kFull>(rsi, rsi, *rsi);
    if (!kFull && !fast.filled()) return;
    const V d = smooth.Step<kFull>(k);
    if (kFull || smooth.filled()) out = {k, d};
  }
};

}  // namespace

std::vector<Indicator> Stochastics() {
  return {
      {.name = "willr",
       .title = "Williams %R",
       .family = Family::kMomentum,
       .parameters = {Period(14, 2)},
       .inputs = {Input::kHigh, Input::kLow, Input::kClose},
       .outputs = {"willr"},
       .look_back = [](const Values& p) { return Whole(p[0]) - 1; },
       .talib = "WILLR",
       .formula = "-100*(HH - close)/(HH - LL) of n; 0 where HH is LL",
       .source = kTaLib,
       .make = Make<Williams>},
      {.name = "stoch",
       .title = "Stochastic oscillator",
       .family = Family::kMomentum,
       .parameters = {Period(14, 1, "k"), Period(3, 1, "slow_k"), Period(3, 1, "slow_d")},
       .inputs = {Input::kHigh, Input::kLow, Input::kClose},
       .outputs = {"slow_k", "slow_d"},
       .look_back = [](const Values& p) { return Whole(p[0] + p[1] + p[2]) - 3; },
       .talib = "STOCH",
       .formula = "K = 100*(close - LL)/(HH - LL) of k, 0 where HH is LL; slow_k = SMA(K); slow_d = SMA(slow_k)",
       .source = kTaLib,
       .make = Make<Stochastic>},
      {.name = "stochf",
       .title = "Fast stochastic oscillator",
       .family = Family::kMomentum,
       .parameters = {Period(5, 1, "k"), Period(3, 1, "fast_d")},
       .inputs = {Input::kHigh, Input::kLow, Input::kClose},
       .outputs = {"fast_k", "fast_d"},
       .look_back = [](const Values& p) { return Whole(p[0] + p[1]) - 2; },
       .talib = "STOCHF",
       .formula = "fast_k = 100*(close - LL)/(HH - LL) of k, 0 where HH is LL; fast_d = SMA(fast_k)",
       .source = kTaLib,
       .make = Make<StochasticFast>},
      {.name = "stochrsi",
       .title = "Stochastic RSI",
       .family = Family::kMomentum,
       .parameters = {Period(14, 2), Period(5, 1, "k"), Period(3, 1, "fast_d")},
       .inputs = {Input::kSource},
       .outputs = {"fast_k", "fast_d"},
       .look_back = [](const Values& p) { return Whole(p[0] + p[1] + p[2]) - 2; },
       .talib = "STOCHRSI",
       .formula = "stochf of the rsi of n",
       .source = kTaLib,
       .make = Make<StochasticRsi>},
  };
}

}  // namespace papertape::indicators

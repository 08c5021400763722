// Which way it goes: extremes' ages, stops that trail, clouds and averaged candles.
#include <cmath>

#include "libs/indicators/families.h"
#include "libs/indicators/smoothing.h"
#include "libs/indicators/true_range.h"

namespace papertape::indicators {
namespace {

// 0, 1, 2, ...: read sooner than converted.
constexpr std::array<double, kFew + 1> kPlaces = [] {
  std::array<double, kFew + 1> places{};
  for (std::size_t i = 0; i < places.size(); ++i) places[i] = static_cast<double>(i);
  return places;
}();

// How many bars ago the extreme of the last n stood, the newest of equals. Few and many as in WindowExtreme.
template <int kSign>
class ExtremeAge {
 public:
  ExtremeAge(std::size_t n, Memory& memory)
      : n_(n), tails_(n > kFew ? memory.Take(n) : nullptr), ages_(n > kFew ? memory.Take(n) : nullptr) {}
  [[nodiscard]] bool filled() const { return seen_ == n_; }

  // The age, and 0 while filling.
  template <bool kFull, class V>
  PT_INLINE V Step(Series<V> x) {
    if constexpr (!kFull) {
      if (seen_ < n_) ++seen_;
    }
    if (n_ > kFew) {
      return EachBar<V>([&](std::size_t bar) { return StepOfMany(x.At(bar)); });
    }
    if (!kFull && !filled()) return V{};
    V best = *x;
    VisitLast(n_, [&](std::size_t ago) { best = kSign > 0 ? Max(best, *(x - ago)) : Min(best, *(x - ago)); });
    V newest{};  // its place from the oldest on, 1 to n
    VisitLast(n_, [&](std::size_t ago) { newest = Max(newest, *(x - ago) == best ? V{} + kPlaces[n_ - ago] : V{}); });
    return static_cast<double>(n_) - newest;
  }

 private:
  template <class V>
  PT_INLINE static auto AtLeast(V a, V b) {
    if constexpr (kSign > 0) {
      return a >= b;
    } else {
      return a <= b;
    }
  }
  PT_INLINE double StepOfMany(Series<double> x) {
    const bool better = at_ == 0 || AtLeast(*x, so_far_);
    so_far_ = better ? *x : so_far_;
    age_ = better ? 0 : age_ + 1;
    if (++at_ == n_) [[unlikely]] {
      EndBlock(x);
      return age_;
    }
    // tails_[at_] is the extreme of what is left of the block before, ages_[at_] its age when that block ended.
    return AtLeast(so_far_, tails_[at_]) ? age_ : ages_[at_] + static_cast<double>(at_);
  }
  PT_INLINE void EndBlock(Series<double> x) {
    double tail = *x;
    double age = 0;
    for (std::size_t ago = 0; ago < n_; ++ago) {
      const double value = *(x - ago);
      const bool better = !AtLeast(tail, value);
      tail = better ? value : tail;
      age = better ? static_cast<double>(ago) : age;
      tails_[n_ - 1 - ago] = tail;
      ages_[n_ - 1 - ago] = age;
    }
    at_ = 0;
  }

  std::size_t n_;
  double* tails_;
  double* ages_;
  std::size_t at_ = 0;
  double so_far_ = 0;
  double age_ = 0;
  std::size_t seen_ = 0;
};

template <bool kOscillator>
struct Aroon {
  static constexpr std::size_t kInputs = 2, kOutputs = kOscillator ? 1 : 2;
  ExtremeAge<1> high;
  ExtremeAge<-1> low;
  double n;
  double scale;
  Aroon(const Values& p, Memory& memory)
      : high(Whole(p[0]) + 1, memory), low(Whole(p[0]) + 1, memory), n(p[0]), scale(100 / p[0]) {}
  template <bool kFull, class V>
  PT_INLINE void Step(const Bar<V, 2>& bar, Out<V, kOutputs>& out) {
    const V up = high.Step<kFull>(bar[0]);
    const V down = low.Step<kFull>(bar[1]);
    if (!kFull && !high.filled()) return;
    if constexpr (kOscillator) {
      out[0] = scale * (down - up);
    } else {
      out = {scale * (n - down), scale * (n - up)};
    }
  }
};

// Runs in a mirror while it is short: there prices are negative, lows are highs, and the stop lies below as in a long
// one. Negation is exact.
struct ParabolicStop {
  static constexpr std::size_t kInputs = 2, kOutputs = 1;
  double step, most;
  bool started = false;
  double side = 1;  // 1 long, -1 short
  double factor, extreme = 0, stop = 0;
  double distance = 0;  // from the stop to the extreme: carried along, the next bar waits less for it
  ParabolicStop(const Values& p, Memory&) : step(std::min(p[0], p[1])), most(p[1]), factor(step) {}

  template <bool kFull, class V>
  PT_INLINE void Step(const Bar<V, 2>& bar, Out<V, 1>& out) {
    if (!kFull && !std::exchange(started, true)) return;
    if constexpr (!kFull) Begin(bar[0], bar[1]);
    // The first stop is held back by its own bar alone.
    const V ceiling = kFull ? Max(*(bar[0] - 1), *bar[0]) : *bar[0];
    const V floor = kFull ? Min(*(bar[1] - 1), *bar[1]) : *bar[1];
    out[0] = EachBar<V>([&](std::size_t i) {
      const double high = *bar[0].At(i);
      const double low = *bar[1].At(i);
      return side > 0 ? StepOne(high, low, BarOf(ceiling, i), BarOf(floor, i))
                      : -StepOne(-low, -high, -BarOf(floor, i), -BarOf(ceiling, i));
    });
  }

 private:
  PT_INLINE void Begin(Series<double> high, Series<double> low) {
    const double down = *(low - 1) - *low;
    side = down > 0 && *high - *(high - 1) < down ? -1 : 1;
    extreme = side > 0 ? *high : -*low;
    stop = side > 0 ? *(low - 1) : -*(high - 1);
    distance = extreme - stop;
  }
  PT_INLINE void HoldBack(double floor) {
    if (stop > floor) [[unlikely]] {  // a branch, which the next bar need not wait for
      stop = floor;
      distance = extreme - stop;
    }
  }
  // In the mirror's prices. Answers the stop of this bar and makes the next one.
  PT_INLINE double StepOne(double high, double low, double ceiling, double floor) {
    const double now = stop;
    if (low <= now) [[unlikely]] {  // turns: the extreme becomes the other side's stop, and prices change their sign
      const double turned = Max(extreme, ceiling);
      side = -side;
      factor = step;
      extreme = -low;
      stop = -turned + factor * (extreme + turned);
      distance = extreme - stop;
      HoldBack(-ceiling);
      return turned;
    }
    factor = high > extreme ? Min(factor + step, most) : factor;
    const double top = Max(high, extreme);
    distance += top - extreme;
    extreme = top;
    stop += factor * distance;
    distance *= 1 - factor;
    HoldBack(floor);
    return now;
  }
};

struct Supertrend {
  static constexpr std::size_t kInputs = 3, kOutputs = 2;
  Ema range;
  double width;
  bool started = false, running = false, up = true;
  double upper = 0, lower = 0;
  Supertrend(const Values& p, Memory&) : range(Ema::Wilder(Whole(p[0]))), width(p[1]) {}
  template <bool kFull, class V>
  PT_INLINE void Step(const Bar<V, 3>& bar, Out<V, 2>& out) {
    if (!kFull && !std::exchange(started, true)) return;
    const V atr = range.Step<kFull>(TrueRange(*bar[0], *bar[1], *(bar[2] - 1)));
    if (!kFull && !range.filled()) return;
    const V middle = (*bar[0] + *bar[1]) / 2;
    const V tops = middle + width * atr;
    const V bottoms = middle - width * atr;
    out[0] = EachBar<V>([&](std::size_t i) {
      const double top = BarOf(tops, i);
      const double bottom = BarOf(bottoms, i);
      const double close = *bar[2].At(i);
      const double before = *(bar[2].At(i) - 1);
      const bool first = !kFull && !std::exchange(running, true);
      upper = first || top < upper || before > upper ? top : upper;
      lower = first || bottom > lower || before < lower ? bottom : lower;
      up = up ? close >= lower : close > upper;
      SetBar(out[1], i, up ? 1.0 : -1.0);
      return up ? lower : upper;
    });
  }
};

// The middle of the highest and the lowest of the last n.
struct Middle {
  WindowMax highest;
  WindowMin lowest;
  Middle(double n, Memory& memory) : highest(Whole(n), memory), lowest(Whole(n), memory) {}
  [[nodiscard]] bool filled() const { return highest.filled(); }
  template <bool kFull, class V>
  PT_INLINE V Step(Series<V> high, Series<V> low) {
    return (highest.Step<kFull>(high) + lowest.Step<kFull>(low)) / 2;
  }
};

struct Ichimoku {
  static constexpr std::size_t kInputs = 3, kOutputs = 5;
  Middle conversion, base, wide;
  std::size_t displacement, seen = 0;
  Window span_a, span_b;
  Ichimoku(const Values& p, Memory& memory)
      : conversion(p[0], memory),
        base(p[1], memory),
        wide(p[2], memory),
        displacement(Whole(p[3])),
        span_a(displacement + 1, memory),
        span_b(displacement + 1, memory) {}
  template <bool kFull, class V>
  PT_INLINE void Step(const Bar<V, 3>& bar, Out<V, 5>& out) {
    const V near = conversion.Step<kFull>(bar[0], bar[1]);
    const V far = base.Step<kFull>(bar[0], bar[1]);
    const V widest = wide.Step<kFull>(bar[0], bar[1]);
    if (!kFull && !(conversion.filled() && base.filled() && wide.filled())) return;
    const auto a = span_a.Push((near + far) / 2);
    const auto b = span_b.Push(widest);
    if (!kFull && seen++ < displacement) return;
    out = {near, far, *(a - displacement), *(b - displacement), *bar[2]};
  }
};

struct HeikinAshi {
  static constexpr std::size_t kInputs = 4, kOutputs = 4;
  bool started = false;
  double open = 0, close = 0;
  HeikinAshi(const Values&, Memory&) {}
  template <bool kFull, class V>
  PT_INLINE void Step(const Bar<V, 4>& bar, Out<V, 4>& out) {
    const V closes = (*bar[0] + *bar[1] + *bar[2] + *bar[3]) / 4;
    const V opens = EachBar<V>([&](std::size_t i) {
      const bool first = !kFull && !std::exchange(started, true);
      open = first ? (*bar[0].At(i) + *bar[3].At(i)) / 2 : (open + close) / 2;
      close = BarOf(closes, i);
      return open;
    });
    out = {opens, Max(Max(*bar[1], opens), closes), Min(Min(*bar[2], opens), closes), closes};
  }
};

std::vector<Indicator> OfTaLib() {
  return {
      {.name = "aroon",
       .title = "Aroon",
       .family = Family::kTrend,
       .parameters = {Period(14, 2)},
       .inputs = {Input::kHigh, Input::kLow},
       .outputs = {"down", "up"},
       .look_back = [](const Values& p) { return Whole(p[0]); },
       .talib = "AROON",
       .formula = "100*(n - bars since the extreme of n+1 bars)/n, the newest of equal extremes",
       .source = kTaLib,
       .make = Make<Aroon<false>>},
      {.name = "aroonosc",
       .title = "Aroon oscillator",
       .family = Family::kTrend,
       .parameters = {Period(14, 2)},
       .inputs = {Input::kHigh, Input::kLow},
       .outputs = {"aroonosc"},
       .look_back = [](const Values& p) { return Whole(p[0]); },
       .talib = "AROONOSC",
       .formula = "aroon up - aroon down",
       .source = kTaLib,
       .make = Make<Aroon<true>>},
      {.name = "sar",
       .title = "Parabolic stop and reverse",
       .family = Family::kTrend,
       .parameters = {{"acceleration", 0.02, 0, 10, false}, {"maximum", 0.2, 0, 10, false}},
       .inputs = {Input::kHigh, Input::kLow},
       .outputs = {"sar"},
       .look_back = [](const Values&) { return std::size_t{1}; },
       .talib = "SAR",
       .formula = "s += af*(extreme - s), held by the last two bars; begins short when bar 1 falls more than it rises",
       .source = kTaLib,
       .make = Make<ParabolicStop>},
  };
}

}  // namespace

std::vector<Indicator> Trend() {
  std::vector<Indicator> table = OfTaLib();
  table.insert(
      table.end(),
      {{.name = "supertrend",
        .title = "Supertrend",
        .family = Family::kTrend,
        .parameters = {Period(10), {"multiplier", 3, 0, 100, false}},
        .inputs = {Input::kHigh, Input::kLow, Input::kClose},
        .outputs = {"supertrend", "direction"},
        .look_back = [](const Values& p) { return Whole(p[0]); },
        .formula = "(high+low)/2 -+ m*atr(n); the band below only rises and the one above only falls until the close "
                   "crosses it; direction 1 up, -1 down, begins up",
        .source = "O. Seban",
        .make = Make<Supertrend>},
       {.name = "ichimoku",
        .title = "Ichimoku cloud",
        .family = Family::kTrend,
        .parameters = {Period(9, 1, "conversion"),
                       Period(26, 1, "base"),
                       Period(52, 1, "span_b"),
                       {"displacement", 26, 0, kLongestPeriod}},
        .inputs = {Input::kHigh, Input::kLow, Input::kClose},
        .outputs = {"conversion", "base", "span_a", "span_b", "lagging"},
        .look_back =
            [](const Values& p) {
              return Whole(std::max({p[0], p[1], p[2]})) - 1 + Whole(p[3]);
            },
        .formula = "(HH+LL)/2 of each period; span_a = (conversion+base)/2. The spans are those of `displacement` bars "
                   "ago, the cloud of this bar; lagging = close, which charts draw that many bars back",
        .source = "G. Hosoda",
        .make = Make<Ichimoku>},
       {.name = "heikin_ashi",
        .title = "Heikin-Ashi candles",
        .family = Family::kTrend,
        .inputs = {Input::kOpen, Input::kHigh, Input::kLow, Input::kClose},
        .outputs = {"open", "high", "low", "close"},
        .look_back = [](const Values&) { return std::size_t{0}; },
        .formula =
            "close = mean of o, h, l, c; open = mean of the last open and close (first: of o and c); high and low "
            "hold both",
        .source = "conventional",
        .make = Make<HeikinAshi>}});
  return table;
}

}  // namespace papertape::indicators

// Which way it goes: extremes' ages, stops that trail, clouds and averaged candles.
#include <cmath>

#include "libs/indicators/families.h"
#include "libs/indicators/smoothing.h"
#include "libs/indicators/true_range.h"

namespace papertape::indicators {
namespace {

// How many bars ago the extreme of the last n stood, the newest of equals. Blocks as in WindowExtreme.
template <int kSign>
class ExtremeAge {
 public:
  ExtremeAge(std::size_t n, Memory& memory) : n_(n), tails_(memory.Take(n)), ages_(memory.Take(n)) {}
  [[nodiscard]] bool filled() const { return seen_ == n_; }

  // The age, and 0 while filling.
  template <bool kFull>
  PT_INLINE double Step(const double* x) {
    if constexpr (!kFull) {
      if (seen_ < n_) ++seen_;
    }
    const bool better = at_ == 0 || AtLeast(*x, so_far_);
    so_far_ = better ? *x : so_far_;
    age_ = better ? 0 : age_ + 1;
    double age = age_;
    if (++at_ == n_) [[unlikely]] {
      EndBlock(x);
    } else if (kFull || filled()) {
      // tails_[at_] is the extreme of what is left of the block before, ages_[at_] its age when that block ended.
      age = AtLeast(so_far_, tails_[at_]) ? age : ages_[at_] + static_cast<double>(at_);
    }
    return age;
  }

 private:
  PT_INLINE static bool AtLeast(double a, double b) { return kSign > 0 ? a >= b : a <= b; }
  PT_INLINE void EndBlock(const double* x) {
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
  template <bool kFull>
  PT_INLINE void Step(const Bar<2>& bar, Out<kOutputs>& out) {
    const double up = high.Step<kFull>(bar[0]);
    const double down = low.Step<kFull>(bar[1]);
    if (!kFull && !high.filled()) return;
    if constexpr (kOscillator) {
      out[0] = scale * (down - up);
    } else {
      out = {scale * (n - down), scale * (n - up)};
    }
  }
};

struct ParabolicStop {
  static constexpr std::size_t kInputs = 2, kOutputs = 1;
  double step, most;
  bool started = false, is_long = true;
  double factor, extreme = 0, stop = 0;
  ParabolicStop(const Values& p, Memory&) : step(std::min(p[0], p[1])), most(p[1]), factor(step) {}

  template <bool kFull>
  PT_INLINE void Step(const Bar<2>& bar, Out<1>& out) {
    if (!kFull && !std::exchange(started, true)) return;
    if constexpr (!kFull) Begin(bar[0], bar[1]);
    const double high = *bar[0];
    const double low = *bar[1];
    // The first stop is held back by its own bar alone.
    const double ceiling = kFull ? std::max(*(bar[0] - 1), high) : high;
    const double floor = kFull ? std::min(*(bar[1] - 1), low) : low;
    const bool turns = is_long ? low <= stop : high >= stop;
    if (turns) [[unlikely]] {
      stop = is_long ? std::max(extreme, ceiling) : std::min(extreme, floor);
      is_long = !is_long;
      extreme = is_long ? high : low;
      factor = step;
      out[0] = stop;
    } else {
      out[0] = stop;
      const bool extends = is_long ? high > extreme : low < extreme;
      extreme = is_long ? std::max(extreme, high) : std::min(extreme, low);
      factor = extends ? std::min(factor + step, most) : factor;
    }
    stop += factor * (extreme - stop);
    stop = is_long ? std::min(stop, floor) : std::max(stop, ceiling);
  }

 private:
  PT_INLINE void Begin(const double* high, const double* low) {
    const double down = *(low - 1) - *low;
    is_long = !(down > 0 && *high - *(high - 1) < down);
    extreme = is_long ? *high : *low;
    stop = is_long ? *(low - 1) : *(high - 1);
  }
};

struct Supertrend {
  static constexpr std::size_t kInputs = 3, kOutputs = 2;
  Ema range;
  double width;
  bool started = false, running = false, up = true;
  double upper = 0, lower = 0;
  Supertrend(const Values& p, Memory&) : range(Ema::Wilder(Whole(p[0]))), width(p[1]) {}
  template <bool kFull>
  PT_INLINE void Step(const Bar<3>& bar, Out<2>& out) {
    if (!kFull && !std::exchange(started, true)) return;
    const double before = *(bar[2] - 1);
    const double atr = range.Step<kFull>(TrueRange(*bar[0], *bar[1], before));
    if (!kFull && !range.filled()) return;
    const double middle = (*bar[0] + *bar[1]) / 2;
    const double top = middle + width * atr;
    const double bottom = middle - width * atr;
    const bool first = !kFull && !std::exchange(running, true);
    upper = first || top < upper || before > upper ? top : upper;
    lower = first || bottom > lower || before < lower ? bottom : lower;
    up = up ? *bar[2] >= lower : *bar[2] > upper;
    out = {up ? lower : upper, up ? 1.0 : -1.0};
  }
};

// The middle of the highest and the lowest of the last n.
struct Middle {
  WindowMax highest;
  WindowMin lowest;
  Middle(double n, Memory& memory) : highest(Whole(n), memory), lowest(Whole(n), memory) {}
  [[nodiscard]] bool filled() const { return highest.filled(); }
  template <bool kFull>
  PT_INLINE double Step(const double* high, const double* low) {
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
  template <bool kFull>
  PT_INLINE void Step(const Bar<3>& bar, Out<5>& out) {
    const double near = conversion.Step<kFull>(bar[0], bar[1]);
    const double far = base.Step<kFull>(bar[0], bar[1]);
    const double widest = wide.Step<kFull>(bar[0], bar[1]);
    if (!kFull && !(conversion.filled() && base.filled() && wide.filled())) return;
    const double* const a = span_a.Push((near + far) / 2);
    const double* const b = span_b.Push(widest);
    if (!kFull && seen++ < displacement) return;
    out = {near, far, *(a - displacement), *(b - displacement), *bar[2]};
  }
};

struct HeikinAshi {
  static constexpr std::size_t kInputs = 4, kOutputs = 4;
  bool started = false;
  double open = 0, close = 0;
  HeikinAshi(const Values&, Memory&) {}
  template <bool kFull>
  PT_INLINE void Step(const Bar<4>& bar, Out<4>& out) {
    const bool first = !kFull && !std::exchange(started, true);
    open = first ? (*bar[0] + *bar[3]) / 2 : (open + close) / 2;
    close = (*bar[0] + *bar[1] + *bar[2] + *bar[3]) / 4;
    out = {open, std::max({*bar[1], open, close}), std::min({*bar[2], open, close}), close};
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

// What volume says about price.
#include <cmath>

#include "libs/indicators/families.h"
#include "libs/indicators/smoothing.h"

namespace papertape::indicators {
namespace {

template <class V>
PT_INLINE V TypicalPrice(V high, V low, V close) {
  return (high + low + close) / 3;
}

struct OnBalance {
  static constexpr std::size_t kInputs = 2, kOutputs = 1;
  RunningTotal total;
  bool started = false;
  OnBalance(const Values&, Memory&) {}
  template <bool kFull, class V>
  PT_INLINE void Step(const Bar<V, 2>& bar, Out<V, 1>& out) {
    V term = *bar[1];
    if (kFull || std::exchange(started, true)) {
      const V change = *bar[0] - *(bar[0] - 1);
      term = change > 0 ? term : change < 0 ? -term : V{};
    }
    out[0] = total.Add<kFull>(term);
  }
};

// Volume times where the bar closed in its range, -1 to 1; none where it has no range.
template <class V>
PT_INLINE V FlowOf(V high, V low, V close, V volume) {
  const V range = high - low;
  return range > 0 ? ((close - low) - (high - close)) / range * volume : V{};
}

struct AccumulationLine {
  static constexpr std::size_t kInputs = 4, kOutputs = 1;
  RunningTotal total;
  AccumulationLine(const Values&, Memory&) {}
  template <bool kFull, class V>
  PT_INLINE void Step(const Bar<V, 4>& bar, Out<V, 1>& out) {
    out[0] = total.Add<kFull>(FlowOf(*bar[0], *bar[1], *bar[2], *bar[3]));
  }
};

struct ChaikinOscillator {
  static constexpr std::size_t kInputs = 4, kOutputs = 1;
  RunningTotal total;
  Ema fast, slow;
  std::size_t missing;
  ChaikinOscillator(const Values& p, Memory&)
      : fast(Ema::Standard(Whole(p[0]))), slow(Ema::Standard(Whole(p[1]))), missing(Whole(std::max(p[0], p[1]))) {}
  template <bool kFull, class V>
  PT_INLINE void Step(const Bar<V, 4>& bar, Out<V, 1>& out) {
    const V line = total.Add<kFull>(FlowOf(*bar[0], *bar[1], *bar[2], *bar[3]));
    if constexpr (!kFull) {
      --missing;
      if (!fast.filled()) {
        fast.Seed(line);
        slow.Seed(line);
        return;
      }
    }
    const V difference = fast.Step<kFull>(line) - slow.Step<kFull>(line);
    if (kFull || missing == 0) out[0] = difference;
  }
};

struct MoneyFlow {
  static constexpr std::size_t kInputs = 4, kOutputs = 1;
  WindowSum rising, falling;
  Window up, down;
  Previous before;
  bool started = false;
  MoneyFlow(const Values& p, Memory& memory)
      : rising(Whole(p[0])), falling(rising), up(Whole(p[0]) + 1, memory), down(Whole(p[0]) + 1, memory) {}
  template <bool kFull, class V>
  PT_INLINE void Step(const Bar<V, 4>& bar, Out<V, 1>& out) {
    const V price = TypicalPrice(*bar[0], *bar[1], *bar[2]);
    const V last = before.Step(price);
    if (!kFull && !std::exchange(started, true)) return;
    const V flow = price * *bar[3];
    const V in = rising.Step<kFull>(up.Push(price > last ? flow : V{}));
    const V away = falling.Step<kFull>(down.Push(price < last ? flow : V{}));
    if (!kFull && !rising.filled()) return;
    out[0] = in + away < 1 ? 0 : 100 * (in / (in + away));
  }
};

struct ChaikinFlow {
  static constexpr std::size_t kInputs = 4, kOutputs = 1;
  WindowSum flow, volume;
  ChaikinFlow(const Values& p, Memory&) : flow(Whole(p[0])), volume(flow) {}
  template <bool kFull, class V>
  PT_INLINE void Step(const Bar<V, 4>& bar, Out<V, 1>& out) {
    const auto h = bar[0];
    const auto l = bar[1];
    const auto c = bar[2];
    const auto v = bar[3];
    const V in =
        flow.StepOf<kFull>([=](std::size_t ago) { return FlowOf(*(h - ago), *(l - ago), *(c - ago), *(v - ago)); });
    const V all = volume.Step<kFull>(v);
    if (kFull || volume.filled()) out[0] = IsZero(all) ? V{} : in / all;
  }
};

struct Force {
  static constexpr std::size_t kInputs = 2, kOutputs = 1;
  Ema average;
  bool started = false;
  Force(const Values& p, Memory&) : average(Ema::Standard(Whole(p[0]))) {}
  template <bool kFull, class V>
  PT_INLINE void Step(const Bar<V, 2>& bar, Out<V, 1>& out) {
    if (!kFull && !std::exchange(started, true)) return;
    const V force = average.Step<kFull>((*bar[0] - *(bar[0] - 1)) * *bar[1]);
    if (kFull || average.filled()) out[0] = force;
  }
};

struct SessionVwap {
  static constexpr std::size_t kInputs = 5, kOutputs = 3;
  double times;
  bool started = false;
  double session = 0, origin = 0, volume = 0, traded = 0, squares = 0;
  SessionVwap(const Values& p, Memory&) : times(p[0]) {}
  template <bool kFull, class V>
  PT_INLINE void Step(const Bar<V, 5>& bar, Out<V, 3>& out) {
    V width{};
    const V prices = TypicalPrice(*bar[0], *bar[1], *bar[2]);
    const V vwap = EachBar<V>([&](std::size_t i) {
      const double price = BarOf(prices, i);
      const double shares = *bar[3].At(i);
      if (!std::exchange(started, true) || session != *bar[4].At(i)) [[unlikely]] {
        session = *bar[4].At(i);
        origin = price;  // sums around it, so that the bands do not drown in rounding
        volume = traded = squares = 0;
      }
      const double away = price - origin;
      volume += shares;
      traded += shares * away;
      squares += shares * away * away;
      const double mean = traded / volume;
      const double variance = squares / volume - mean * mean;
      SetBar(width, i, times * std::sqrt(variance > 0 ? variance : 0));
      return volume > 0 ? origin + mean : kNa;
    });
    out = {vwap, vwap + width, vwap - width};
  }
};

struct RollingVwap {
  static constexpr std::size_t kInputs = 4, kOutputs = 1;
  WindowSum traded, volume;
  RollingVwap(const Values& p, Memory&) : traded(Whole(p[0])), volume(traded) {}
  template <bool kFull, class V>
  PT_INLINE void Step(const Bar<V, 4>& bar, Out<V, 1>& out) {
    const auto h = bar[0];
    const auto l = bar[1];
    const auto c = bar[2];
    const auto v = bar[3];
    const V sum = traded.StepOf<kFull>(
        [=](std::size_t ago) { return TypicalPrice(*(h - ago), *(l - ago), *(c - ago)) * *(v - ago); });
    const V shares = volume.Step<kFull>(v);
    if (kFull || volume.filled()) out[0] = IsZero(shares) ? V{} + kNa : sum / shares;
  }
};

// Compounds the changes of the close over bars whose volume fell (kSign -1) or rose (kSign 1).
template <int kSign>
struct VolumeIndex {
  static constexpr std::size_t kInputs = 2, kOutputs = 1;
  double index = 1000;
  bool started = false;
  VolumeIndex(const Values&, Memory&) {}
  template <bool kFull, class V>
  PT_INLINE void Step(const Bar<V, 2>& bar, Out<V, 1>& out) {
    out[0] = EachBar<V>([&](std::size_t i) {
      if (kFull || std::exchange(started, true)) {
        const Series<double> close = bar[0].At(i);
        const Series<double> volume = bar[1].At(i);
        const double before = *(close - 1);
        if (kSign * (*volume - *(volume - 1)) > 0 && before != 0) index *= *close / before;
      }
      return index;
    });
  }
};

std::size_t None(const Values&) { return 0; }
std::size_t PeriodOf(const Values& p) { return Whole(p[0]); }
std::size_t BeforePeriod(const Values& p) { return Whole(p[0]) - 1; }

Indicator Entry(std::string_view name, std::string_view title, std::vector<Parameter> parameters,
                std::size_t (*look_back)(const Values&), std::string_view talib, std::string_view formula,
                std::unique_ptr<Kernel> (*make)(const Values&, std::size_t)) {
  return {.name = name,
          .title = title,
          .family = Family::kVolume,
          .parameters = std::move(parameters),
          .inputs = {Input::kHigh, Input::kLow, Input::kClose, Input::kVolume},
          .outputs = {name},
          .look_back = look_back,
          .talib = talib,
          .formula = formula,
          .source = talib.empty() ? "conventional" : kTaLib,
          .make = make};
}

}  // namespace

std::vector<Indicator> Volume() {
  std::vector<Indicator> of_close = {
      Entry("obv", "On-balance volume", {}, None, "OBV",
            "+ volume where x rises, - volume where it falls; begins with the first bar's volume", Make<OnBalance>),
      Entry("force", "Force index", {Period(13)}, PeriodOf, "", "ema of (x - x[1])*volume", Make<Force>),
      Entry("nvi", "Negative volume index", {}, None, "", "1000, times x/x[1] at bars of falling volume",
            Make<VolumeIndex<-1>>),
      Entry("pvi", "Positive volume index", {}, None, "", "1000, times x/x[1] at bars of rising volume",
            Make<VolumeIndex<1>>),
  };
  for (Indicator& entry : of_close) entry.inputs = {Input::kSource, Input::kVolume};
  std::vector<Indicator> table = {
      Entry("ad", "Accumulation/distribution line", {}, None, "AD",
            "running sum of ((close-low) - (high-close))/(high-low)*volume; nothing where high is low",
            Make<AccumulationLine>),
      Entry(
          "adosc", "Chaikin oscillator", {Period(3, 2, "fast"), Period(10, 2, "slow")},
          [](const Values& p) { return Whole(std::max(p[0], p[1])) - 1; }, "ADOSC",
          "ema fast - ema slow of ad, both seeded with its first value", Make<ChaikinOscillator>),
      Entry("mfi", "Money flow index", {Period(14, 2)}, PeriodOf, "MFI",
            "100*P/(P+N), sums over n of tp*volume at bars whose tp rose or fell; 0 where P+N < 1", Make<MoneyFlow>),
      Entry("cmf", "Chaikin money flow", {Period(20)}, BeforePeriod, "",
            "sum of ad's terms over n / sum of volume; 0 where no volume", Make<ChaikinFlow>),
      Entry("vwap_rolling", "Volume-weighted average price of n bars", {Period(20)}, BeforePeriod, "",
            "sum of tp*volume / sum of volume over n, tp = (high+low+close)/3; na where no volume", Make<RollingVwap>),
  };
  Indicator vwap =
      Entry("vwap", "Volume-weighted average price of the session", {{"deviations", 2, 0, 100, false}}, None, "",
            "sum of tp*volume / sum of volume since the session began; bands at sqrt(sum of tp^2*volume / sum "
            "of volume - vwap^2) times deviations; na where no volume yet",
            Make<SessionVwap>);
  vwap.inputs.push_back(Input::kSession);
  vwap.outputs = {"vwap", "upper", "lower"};
  table.push_back(std::move(vwap));
  table.insert(table.end(), of_close.begin(), of_close.end());
  return table;
}

}  // namespace papertape::indicators

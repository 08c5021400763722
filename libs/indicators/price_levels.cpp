// Prices made of a bar's prices, and levels to watch.
#include "libs/indicators/families.h"
#include "libs/indicators/window.h"

namespace papertape::indicators {
namespace {

struct MidPrice {
  static constexpr std::size_t kInputs = 2, kOutputs = 1;
  WindowMax highest;
  WindowMin lowest;
  MidPrice(const Values& p, Memory& memory) : highest(Whole(p[0]), memory), lowest(Whole(p[0]), memory) {}
  template <bool kFull, class V>
  PT_INLINE void Step(const Bar<V, 2>& bar, Out<V, 1>& out) {
    const V top = highest.Step<kFull>(bar[0]);
    const V bottom = lowest.Step<kFull>(bar[1]);
    if (kFull || highest.filled()) out[0] = (top + bottom) / 2;
  }
};

struct Average {  // of open, high, low, close
  static constexpr std::size_t kInputs = 4, kOutputs = 1;
  Average(const Values&, Memory&) {}
  template <bool kFull, class V>
  PT_INLINE void Step(const Bar<V, 4>& bar, Out<V, 1>& out) {
    out[0] = (*bar[0] + *bar[1] + *bar[2] + *bar[3]) / 4;
  }
};
struct Median {
  static constexpr std::size_t kInputs = 2, kOutputs = 1;
  Median(const Values&, Memory&) {}
  template <bool kFull, class V>
  PT_INLINE void Step(const Bar<V, 2>& bar, Out<V, 1>& out) {
    out[0] = (*bar[0] + *bar[1]) / 2;
  }
};
struct Typical {
  static constexpr std::size_t kInputs = 3, kOutputs = 1;
  Typical(const Values&, Memory&) {}
  template <bool kFull, class V>
  PT_INLINE void Step(const Bar<V, 3>& bar, Out<V, 1>& out) {
    out[0] = (*bar[0] + *bar[1] + *bar[2]) / 3;
  }
};
struct WeightedClose {
  static constexpr std::size_t kInputs = 3, kOutputs = 1;
  WeightedClose(const Values&, Memory&) {}
  template <bool kFull, class V>
  PT_INLINE void Step(const Bar<V, 3>& bar, Out<V, 1>& out) {
    out[0] = (*bar[0] + *bar[1] + *bar[2] * 2) / 4;
  }
};

struct Pivot {
  static constexpr std::size_t kInputs = 4, kOutputs = 7;
  bool started = false;
  double session = 0, high = 0, low = 0, close = 0;
  std::array<double, 7> levels;
  Pivot(const Values&, Memory&) { levels.fill(kNa); }
  template <bool kFull, class V>
  PT_INLINE void Step(const Bar<V, 4>& bar, Out<V, 7>& out) {
    for (std::size_t i = 0; i < kBars<V>; ++i) {
      StepOne(*bar[0].At(i), *bar[1].At(i), *bar[2].At(i), *bar[3].At(i));
      for (std::size_t level = 0; level < levels.size(); ++level) SetBar(out[level], i, levels[level]);
    }
  }

 private:
  PT_INLINE void StepOne(double highest, double lowest, double last, double of_session) {
    const bool first = !std::exchange(started, true);
    if (first || session != of_session) [[unlikely]] {
      if (!first) Close();
      session = of_session;
      high = highest;
      low = lowest;
    }
    high = Max(highest, high);
    low = Min(lowest, low);
    close = last;
  }
  PT_INLINE void Close() {
    const double pivot = (high + low + close) / 3;
    const double range = high - low;
    levels = {pivot,         2 * pivot - low,          2 * pivot - high,        pivot + range,
              pivot - range, high + 2 * (pivot - low), low - 2 * (high - pivot)};
  }
};

std::size_t None(const Values&) { return 0; }

Indicator Entry(std::string_view name, std::string_view title, std::vector<Input> inputs, std::string_view talib,
                std::string_view formula, std::unique_ptr<Kernel> (*make)(const Values&, std::size_t)) {
  return {.name = name,
          .title = title,
          .family = Family::kPriceLevel,
          .inputs = std::move(inputs),
          .outputs = {name},
          .look_back = None,
          .talib = talib,
          .formula = formula,
          .source = talib.empty() ? "conventional" : kTaLib,
          .make = make};
}

}  // namespace

std::vector<Indicator> PriceLevels() {
  std::vector<Indicator> table = {
      Entry("midprice", "Midpoint of the price", {Input::kHigh, Input::kLow}, "MIDPRICE", "(HH + LL)/2 of n",
            Make<MidPrice>),
      Entry("avgprice", "Average price", {Input::kOpen, Input::kHigh, Input::kLow, Input::kClose}, "AVGPRICE",
            "(open+high+low+close)/4", Make<Average>),
      Entry("medprice", "Median price", {Input::kHigh, Input::kLow}, "MEDPRICE", "(high+low)/2", Make<Median>),
      Entry("typprice", "Typical price", {Input::kHigh, Input::kLow, Input::kClose}, "TYPPRICE", "(high+low+close)/3",
            Make<Typical>),
      Entry("wclprice", "Weighted close price", {Input::kHigh, Input::kLow, Input::kClose}, "WCLPRICE",
            "(high+low+2*close)/4", Make<WeightedClose>),
      Entry("pivot", "Pivot points", {Input::kHigh, Input::kLow, Input::kClose, Input::kSession}, "",
            "of the session before: p = (h+l+c)/3, r1 = 2p-l, s1 = 2p-h, r2 = p+(h-l), s2 = p-(h-l), r3 = h+2(p-l), "
            "s3 = l-2(h-p); na in the first session",
            Make<Pivot>),
  };
  table[0].parameters = {Period(14, 1)};
  table[0].look_back = [](const Values& p) { return Whole(p[0]) - 1; };
  table.back().outputs = {"p", "r1", "s1", "r2", "s2", "r3", "s3"};
  table.back().look_back = [](const Values&) { return std::size_t{1}; };
  return table;
}

}  // namespace papertape::indicators

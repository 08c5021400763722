#include "tests/bench/talib_cases.h"

namespace papertape::bench {
namespace {

using Call = TalibCall;
using Bars = BenchBars;

constexpr int kSma = 0;  // TA-Lib's kinds of averages
constexpr int kEma = 1;

const double* H(const Bars& bars) { return bars.high.data(); }
const double* L(const Bars& bars) { return bars.low.data(); }
const double* C(const Bars& bars) { return bars.close.data(); }
const double* V(const Bars& bars) { return bars.volume.data(); }

template <int kPeriod>
void OfClose(Call& call, const Bars& bars) {
  call.One(C(bars), kPeriod);
}
template <int kPeriod>
void OfHighLow(Call& call, const Bars& bars) {
  call.One(H(bars), L(bars), kPeriod);
}
template <int kPeriod>
void OfHighLowClose(Call& call, const Bars& bars) {
  call.One(H(bars), L(bars), C(bars), kPeriod);
}

std::vector<TalibCase> Goldens() {
  return {
      {"golden.sma_20", "sma", {20}, OfClose<20>},
      {"golden.ema_12", "ema", {12}, OfClose<12>},
      {"golden.ema_26", "ema", {26}, OfClose<26>},
      {"golden.wma_10", "wma", {10}, OfClose<10>},
      {"golden.dema_10", "dema", {10}, OfClose<10>},
      {"golden.tema_10", "tema", {10}, OfClose<10>},
      {"golden.kama_10", "kama", {10}, OfClose<10>},
      {"golden.trima_10", "trima", {10}, OfClose<10>},
      {"golden.rsi_14", "rsi", {14}, OfClose<14>},
      {"golden.macd_12_26_9", "macd", {12, 26, 9}, [](Call& call, const Bars& b) { call.Three(C(b), 12, 26, 9); }},
      {"golden.bbands_20",
       "bbands",
       {20, 2, 2},
       [](Call& call, const Bars& b) { call.Three(C(b), 20, 2.0, 2.0, kSma); }},
      {"golden.stddev_20", "stddev", {20, 1}, [](Call& call, const Bars& b) { call.One(C(b), 20, 1.0); }},
      {"golden.trange", "trange", {}, [](Call& call, const Bars& b) { call.One(H(b), L(b), C(b)); }},
      {"golden.atr_14", "atr", {14}, OfHighLowClose<14>},
      {"golden.natr_14", "natr", {14}, OfHighLowClose<14>},
      {"golden.plus_di_14", "plus_di", {14}, OfHighLowClose<14>},
      {"golden.minus_di_14", "minus_di", {14}, OfHighLowClose<14>},
      {"golden.dx_14", "dx", {14}, OfHighLowClose<14>},
      {"golden.adx_14", "adx", {14}, OfHighLowClose<14>},
      {"golden.adxr_14", "adxr", {14}, OfHighLowClose<14>},
      {"golden.stoch_5_3_3",
       "stoch",
       {5, 3, 3},
       [](Call& call, const Bars& b) { call.Two(H(b), L(b), C(b), 5, 3, kSma, 3, kSma); }},
      {"golden.stoch_14_3_3",
       "stoch",
       {14, 3, 3},
       [](Call& call, const Bars& b) { call.Two(H(b), L(b), C(b), 14, 3, kSma, 3, kSma); }},
      {"golden.stochf_5_3",
       "stochf",
       {5, 3},
       [](Call& call, const Bars& b) { call.Two(H(b), L(b), C(b), 5, 3, kSma); }},
      {"golden.stochrsi_14_5_3",
       "stochrsi",
       {14, 5, 3},
       [](Call& call, const Bars& b) { call.Two(C(b), 14, 5, 3, kSma); }},
      {"golden.obv", "obv", {}, [](Call& call, const Bars& b) { call.One(C(b), V(b)); }},
      {"golden.ad", "ad", {}, [](Call& call, const Bars& b) { call.One(H(b), L(b), C(b), V(b)); }},
      {"golden.cci_14", "cci", {14}, OfHighLowClose<14>},
      {"golden.cci_20", "cci", {20}, OfHighLowClose<20>},
      {"golden.mfi_14", "mfi", {14}, [](Call& call, const Bars& b) { call.One(H(b), L(b), C(b), V(b), 14); }},
      {"golden.willr_14", "willr", {14}, OfHighLowClose<14>},
      {"golden.roc_10", "roc", {10}, OfClose<10>},
      {"golden.mom_10", "mom", {10}, OfClose<10>},
      {"golden.sar", "sar", {0.02, 0.2}, [](Call& call, const Bars& b) { call.One(H(b), L(b), 0.02, 0.2); }},
      {"golden.aroon_14", "aroon", {14}, [](Call& call, const Bars& b) { call.Two(H(b), L(b), 14); }},
      {"golden.trix_15", "trix", {15}, OfClose<15>},
      {"golden.ultosc_7_14_28",
       "ultosc",
       {7, 14, 28},
       [](Call& call, const Bars& b) { call.One(H(b), L(b), C(b), 7, 14, 28); }},
      {"golden.midprice_14", "midprice", {14}, OfHighLow<14>},
  };
}

std::vector<TalibCase> Others() {
  return {
      {"t3_5", "t3", {5, 0.7}, [](Call& call, const Bars& b) { call.One(C(b), 5, 0.7); }},
      {"trima_9", "trima", {9}, OfClose<9>},
      {"cmo_14", "cmo", {14}, OfClose<14>},
      {"rocp_10", "rocp", {10}, OfClose<10>},
      {"rocr_10", "rocr", {10}, OfClose<10>},
      {"apo_12_26", "apo", {12, 26}, [](Call& call, const Bars& b) { call.One(C(b), 12, 26, kEma); }},
      {"ppo_12_26", "ppo", {12, 26}, [](Call& call, const Bars& b) { call.One(C(b), 12, 26, kEma); }},
      {"bop", "bop", {}, [](Call& call, const Bars& b) { call.One(b.open.data(), H(b), L(b), C(b)); }},
      {"plus_dm_14", "plus_dm", {14}, OfHighLow<14>},
      {"minus_dm_14", "minus_dm", {14}, OfHighLow<14>},
      {"aroonosc_14", "aroonosc", {14}, OfHighLow<14>},
      {"var_20", "var", {20}, [](Call& call, const Bars& b) { call.One(C(b), 20, 1.0); }},
      {"adosc_3_10", "adosc", {3, 10}, [](Call& call, const Bars& b) { call.One(H(b), L(b), C(b), V(b), 3, 10); }},
      {"linearreg_14", "linearreg", {14}, OfClose<14>},
      {"linearreg_slope_14", "linearreg_slope", {14}, OfClose<14>},
      {"linearreg_angle_14", "linearreg_angle", {14}, OfClose<14>},
      {"linearreg_intercept_14", "linearreg_intercept", {14}, OfClose<14>},
      {"tsf_14", "tsf", {14}, OfClose<14>},
      {"correl_30", "correl", {30}, [](Call& call, const Bars& b) { call.One(C(b), b.second.data(), 30); }},
      {"beta_5", "beta", {5}, [](Call& call, const Bars& b) { call.One(b.second.data(), C(b), 5); }},
      {"sum_30", "sum", {30}, OfClose<30>},
      {"highest_30", "highest", {30}, OfClose<30>},
      {"lowest_30", "lowest", {30}, OfClose<30>},
      {"midpoint_14", "midpoint", {14}, OfClose<14>},
      {"avgprice", "avgprice", {}, [](Call& call, const Bars& b) { call.One(b.open.data(), H(b), L(b), C(b)); }},
      {"medprice", "medprice", {}, [](Call& call, const Bars& b) { call.One(H(b), L(b)); }},
      {"typprice", "typprice", {}, [](Call& call, const Bars& b) { call.One(H(b), L(b), C(b)); }},
      {"wclprice", "wclprice", {}, [](Call& call, const Bars& b) { call.One(H(b), L(b), C(b)); }},
  };
}

}  // namespace

const std::vector<TalibCase>& TalibCases() {
  static const auto* const cases = [] {
    auto* const all = new std::vector<TalibCase>(Goldens());
    for (const TalibCase& other : Others()) all->push_back(other);
    return all;
  }();
  return *cases;
}

}  // namespace papertape::bench

// Small cases that can be checked with pencil and paper.
#include "tests/unit/libs/indicators/series.h"

namespace papertape::indicators {
namespace {

Bars Closes(Column closes) {
  Bars bars;
  bars.close = std::move(closes);
  return bars;
}

// The outputs at the last bar.
std::vector<double> Last(std::string_view name, const Bars& bars, std::vector<double> parameters = {}) {
  std::vector<double> last;
  for (const Column& output : Batch(name, bars, parameters)) last.push_back(output.back());
  return last;
}

double LastOf(std::string_view name, const Bars& bars, std::vector<double> parameters = {}) {
  return Last(name, bars, std::move(parameters))[0];
}

Approx Is(double value) { return Approx(value).epsilon(1e-12).margin(1e-12); }

TEST_CASE("averages of 1 2 3 4 5 6") {
  const Bars bars = Closes({1, 2, 3, 4, 5, 6});
  CHECK(LastOf("sma", bars, {3}) == Is(5));
  CHECK(LastOf("ema", bars, {3}) == Is(5));  // seed 2, then half the way each bar: 3, 4, 5
  CHECK(LastOf("wma", bars, {3}) == Is((4 + 10 + 18) / 6.0));
  CHECK(LastOf("rma", bars, {2}) == Is(5.03125));  // seed 1.5, then 2.25, 3.125, 4.0625
}

TEST_CASE("differences and ratios of 2 4 8") {
  const Bars bars = Closes({2, 4, 8});
  CHECK(LastOf("mom", bars, {2}) == 6);
  CHECK(LastOf("roc", bars, {1}) == Is(100));
  CHECK(LastOf("rocp", bars, {2}) == Is(3));
  CHECK(LastOf("rocr", bars, {2}) == Is(4));
  CHECK(LastOf("roc", Closes({0, 5}), {1}) == 0);
}

TEST_CASE("relative strength is gains over moves") {
  // Changes +1, -1, +2, then 0: averages (n = 2) G 0.5, 1.25, 0.625 and L 0.5, 0.25, 0.125.
  const Column values = Batch("rsi", Closes({10, 11, 10, 12, 12}), std::array<double, 1>{2})[0];
  CHECK(std::isnan(values[1]));
  CHECK(values[2] == Is(50));
  CHECK(values[3] == Is(100 * 1.25 / 1.5));
  CHECK(values[4] == Is(100 * 0.625 / 0.75));
  CHECK(LastOf("cmo", Closes({10, 11, 10, 12, 12}), {2}) == Is(100 * 0.5 / 0.75));
}

TEST_CASE("deviation of 2 4 4 4 5 5 7 9 is 2") {
  const Bars bars = Closes({2, 4, 4, 4, 5, 5, 7, 9});
  CHECK(LastOf("stddev", bars, {8}) == Is(2));
  CHECK(LastOf("var", bars, {8}) == Is(4));
  CHECK(Last("bbands", bars, {8, 2, 1}) == std::vector<double>{9, 5, 3});
  CHECK(LastOf("zscore", bars, {8}) == Is(2));
  CHECK(LastOf("meandev", bars, {8}) == Is(1.5));
}

TEST_CASE("the regression line of 1 3 5 9") {
  const Bars bars = Closes({1, 3, 5, 9});  // mean 4.5 at 1.5, slope 13/5
  CHECK(LastOf("linearreg_slope", bars, {4}) == Is(2.6));
  CHECK(LastOf("linearreg_intercept", bars, {4}) == Is(0.6));
  CHECK(LastOf("linearreg", bars, {4}) == Is(8.4));
  CHECK(LastOf("tsf", bars, {4}) == Is(11));
  CHECK(LastOf("linearreg_angle", Closes({1, 2, 3}), {3}) == Is(45));
}

TEST_CASE("two series that move together") {
  Bars bars = Closes({1, 2, 3, 4});
  bars.second = {10, 20, 30, 40};
  CHECK(LastOf("correl", bars, {4}) == Is(1));
  bars.second = {4, 3, 2, 1};
  CHECK(LastOf("correl", bars, {4}) == Is(-1));
  // Twice the benchmark's returns of +10 %, -10 %, +20 %.
  bars.close = {100, 120, 96, 134.4};
  bars.second = {100, 110, 99, 118.8};
  CHECK(LastOf("beta", bars, {3}) == Is(2));
}

Bars Candles() {
  Bars bars;
  bars.open = {10, 11, 12, 11};
  bars.high = {12, 13, 14, 12};
  bars.low = {9, 10, 11, 8};
  bars.close = {11, 12, 13, 9};
  bars.volume = {100, 200, 300, 400};
  bars.session = {1, 1, 1, 1};
  return bars;
}

TEST_CASE("ranges and channels of four candles") {
  const Bars bars = Candles();
  CHECK(LastOf("trange", bars) == 5);        // 13 to 8
  CHECK(LastOf("atr", bars, {2}) == Is(4));  // seed (3+3)/2, then (3+5)/2
  CHECK(Last("donchian", bars, {3}) == std::vector<double>{14, 11, 8});
  CHECK(LastOf("midprice", bars, {3}) == 11);
  CHECK(LastOf("willr", bars, {3}) == Is(-100.0 * 5 / 6));
  CHECK(Last("stochf", bars, {3, 1})[0] == Is(100.0 / 6));
  CHECK(Last("aroon", bars, {3})[0] == Is(100));        // the low is this bar's
  CHECK(Last("aroon", bars, {3})[1] == Is(200.0 / 3));  // the high is the last one's
  CHECK(LastOf("bop", bars) == Is(-0.5));
  CHECK(Last("keltner", Candles(), {1, 2, 2}) == std::vector<double>{17, 9, 1});
}

TEST_CASE("volume of four candles") {
  const Bars bars = Candles();
  CHECK(LastOf("obv", bars) == 100 + 200 + 300 - 400);
  CHECK(LastOf("ad", bars) == Is(100 / 3.0 + 200 / 3.0 + 300 / 3.0 - 200));
  const double traded = 100 * 32 / 3.0 + 200 * 35 / 3.0 + 300 * 38 / 3.0 + 400 * 29 / 3.0;
  CHECK(LastOf("vwap", bars) == Is(traded / 1000));
  CHECK(LastOf("vwap_rolling", bars, {4}) == Is(traded / 1000));
  CHECK(LastOf("vwma", bars, {4}) == Is((1100 + 2400 + 3900 + 3600) / 1000.0));
  CHECK(LastOf("pvi", bars) == Is(1000 * 12 / 11.0 * 13 / 12.0 * 9 / 13.0));
  CHECK(LastOf("nvi", bars) == 1000);
}

TEST_CASE("the session's average price begins anew with the session") {
  Bars bars = Candles();
  bars.session = {1, 1, 2, 2};
  CHECK(LastOf("vwap", bars) == Is((300 * 38 / 3.0 + 400 * 29 / 3.0) / 700));
}

TEST_CASE("pivot points are of the session before") {
  Bars bars = Candles();
  bars.session = {1, 1, 2, 2};
  const std::vector<Column> levels = Batch("pivot", bars);
  CHECK(std::isnan(levels[0][1]));
  // High 13, low 9, close 12.
  const double p = 34 / 3.0;
  const std::vector<double> expected = {p, 2 * p - 9, 2 * p - 13, p + 4, p - 4, 13 + 2 * (p - 9), 9 - 2 * (13 - p)};
  for (std::size_t c = 0; c < expected.size(); ++c) CHECK(levels[c][3] == Is(expected[c]));
}

TEST_CASE("averaged candles") {
  const std::vector<Column> candles = Batch("heikin_ashi", Candles());
  CHECK(candles[0][0] == 10.5);
  CHECK(candles[3][0] == 10.5);
  CHECK(candles[0][1] == 10.5);
  CHECK(candles[3][1] == 11.5);
  CHECK(candles[1][1] == 13);
  CHECK(candles[2][1] == 10);
}

TEST_CASE("the trailing band turns when the close crosses it") {
  Bars bars;
  bars.high = {11, 12, 13, 14, 15, 10, 9};
  bars.low = {9, 10, 11, 12, 13, 6, 5};
  bars.close = {10, 11, 12, 13, 14, 7, 6};
  const std::vector<Column> trend = Batch("supertrend", bars, std::array<double, 2>{2, 1});
  CHECK(std::isnan(trend[0][1]));
  CHECK(trend[1][4] == 1);
  CHECK(trend[0][4] == Is(12));  // 14 - 2, the range being 2 all along
  CHECK(trend[1][5] == -1);
}

TEST_CASE("the cloud of a bar was computed a displacement ago") {
  Bars bars;
  for (double i = 0; i < 12; ++i) {
    bars.high.push_back(i + 1);
    bars.low.push_back(i - 1);
    bars.close.push_back(i);
  }
  // Middle of n rising bars: i - (n-1)/2.
  CHECK(Last("ichimoku", bars, {3, 5, 7, 4}) == std::vector<double>{10, 9, (7 - 1 + 7 - 2) / 2.0, 7 - 3, 11});
}

TEST_CASE("Hull's average of a straight line is the line") {
  Bars bars;
  for (double i = 0; i < 40; ++i) bars.close.push_back(3 * i + 1);
  // WMA(n) lags (n-1)/3: 2*(2.333) against 5, then 1 of the last: 0.667 behind in bars, less than any of them.
  CHECK(LastOf("hma", bars, {16}) == Is(3 * (39 + 2 * -7.0 / 3 + 15.0 / 3 - 3.0 / 3) + 1));
}

TEST_CASE("volatility of alternate doubling and halving") {
  const Bars bars = Closes({1, 2, 1, 2, 1});
  // Returns of +-ln 2, sample deviation ln 2 * sqrt(4/3).
  CHECK(LastOf("hv", bars, {4, 1}) == Is(100 * std::log(2.0) * std::sqrt(4.0 / 3)));
}

}  // namespace
}  // namespace papertape::indicators

// Edges, for every indicator of the registry.
#include "tests/unit/libs/indicators/series.h"

namespace papertape::indicators {
namespace {

Bars ConstantBars(std::size_t count, double price, double volume) {
  Bars bars;
  bars.open = bars.high = bars.low = bars.close = bars.second = Column(count, price);
  bars.volume = Column(count, volume);
  bars.session = Column(count, 1);
  return bars;
}

Bars Scaled(Bars bars, double factor) {
  for (Column* column : {&bars.open, &bars.high, &bars.low, &bars.close, &bars.second}) {
    for (double& value : *column) value *= factor;
  }
  return bars;
}

TEST_CASE("no bars have no values") {
  for (const Indicator& indicator : Registry()) {
    INFO(indicator.name);
    for (const Column& output : Batch(indicator.name, Bars{})) CHECK(output.empty());
  }
}

TEST_CASE("values begin exactly at the look-back") {
  const Bars bars = RandomBars(400, 7);
  for (const Indicator& indicator : Registry()) {
    // These begin with the data: the second session, the first volume.
    if (indicator.name == "pivot" || indicator.name == "vwap") continue;
    INFO(indicator.name);
    const Calculation calculation(indicator);
    for (const Column& output : Batch(indicator.name, bars)) {
      for (std::size_t i = 0; i < output.size(); ++i) REQUIRE(std::isnan(output[i]) == (i < calculation.look_back()));
    }
    for (const Column& output : Batch(indicator.name, bars.Part(0, calculation.look_back()))) {
      for (const double value : output) REQUIRE(std::isnan(value));
    }
  }
}

TEST_CASE("behind a hole an indicator starts anew") {
  Bars bars = RandomBars(600, 11);
  const std::size_t hole = 250;
  for (Column* column : {&bars.open, &bars.high, &bars.low, &bars.close, &bars.volume}) (*column)[hole] = kNa;
  for (const Indicator& indicator : Registry()) {
    INFO(indicator.name);
    const std::vector<Column> all = Batch(indicator.name, bars);
    const std::vector<Column> before = Batch(indicator.name, bars.Part(0, hole));
    const std::vector<Column> behind = Batch(indicator.name, bars.Part(hole + 1, 600));
    for (std::size_t c = 0; c < all.size(); ++c) {
      CHECK(std::isnan(all[c][hole]));
      for (std::size_t i = 0; i < hole; ++i) REQUIRE(SameBits(all[c][i], before[c][i]));
      for (std::size_t i = hole + 1; i < 600; ++i) REQUIRE(SameBits(all[c][i], behind[c][i - hole - 1]));
    }
  }
}

TEST_CASE("constant prices divide nothing by zero") {
  const double price = GENERATE(100.0, 0.1, 103.37);
  const Bars bars = ConstantBars(3000, price, 1000);
  for (const char* const name : {"rsi",
                                 "cmo",
                                 "macd",
                                 "ppo",
                                 "apo",
                                 "trix",
                                 "tsi",
                                 "ultosc",
                                 "bop",
                                 "cci",
                                 "stochf",
                                 "stoch",
                                 "stochrsi",
                                 "plus_di",
                                 "minus_di",
                                 "dx",
                                 "adx",
                                 "adxr",
                                 "vortex",
                                 "trange",
                                 "atr",
                                 "natr",
                                 "stddev",
                                 "var",
                                 "hv",
                                 "choppiness",
                                 "ad",
                                 "adosc",
                                 "mfi",
                                 "cmf",
                                 "force",
                                 "linearreg_slope",
                                 "linearreg_angle",
                                 "zscore",
                                 "meandev",
                                 "correl",
                                 "beta",
                                 "mom",
                                 "roc",
                                 "rocp",
                                 "aroonosc"}) {
    const Calculation calculation(*Find(name));
    for (const Column& output : Batch(name, bars)) {
      for (std::size_t i = calculation.look_back(); i < output.size(); ++i) {
        INFO(name << " of constant " << price << " at bar " << i);
        REQUIRE(output[i] == 0);
      }
    }
  }
  // Williams' zero is at the top: 0 of a flat range, as TA-Lib answers.
  CHECK(Batch("willr", bars)[0].back() == 0);
  for (const char* const name : {"ema", "rma", "wma", "t3", "dema", "kama", "hma", "linearreg", "tsf", "highest",
                                 "lowest", "midprice", "midpoint"}) {
    INFO(name << " of constant " << price);
    CHECK(Batch(name, bars)[0].back() == Approx(price).epsilon(1e-14));
  }
}

TEST_CASE("no volume is na where it is divided by, not infinite") {
  const Bars bars = ConstantBars(100, 50, 0);
  for (const char* const name : {"vwap", "vwap_rolling", "vwma"}) CHECK(std::isnan(Batch(name, bars)[0].back()));
  for (const char* const name : {"mfi", "cmf", "obv", "ad"}) CHECK(Batch(name, bars)[0].back() == 0);
}

TEST_CASE("huge and tiny prices keep the shape of moving averages and of what is a ratio") {
  const Bars bars = RandomBars(2000, 5);
  for (const char* const name : {"sma", "ema", "wma", "dema", "tema", "trima", "highest", "linearreg"}) {
    const Column plain = Batch(name, bars)[0];
    for (const double factor : {1e-100, 1e100}) {
      const Column scaled = Batch(name, Scaled(bars, factor))[0];
      INFO(name << " times " << factor);
      for (std::size_t i = 100; i < plain.size(); ++i) REQUIRE(scaled[i] == Approx(plain[i] * factor).epsilon(1e-12));
    }
  }
  for (const char* const name : {"rsi", "willr", "stochf", "roc", "cci", "aroon"}) {
    const Column plain = Batch(name, bars)[0];
    const Column scaled = Batch(name, Scaled(bars, 1e100))[0];
    INFO(name);
    for (std::size_t i = 100; i < plain.size(); ++i) {
      REQUIRE(scaled[i] == Approx(plain[i]).epsilon(1e-9).margin(1e-9));
    }
  }
}

TEST_CASE("one absurd value does not stay in the sums") {
  Bars bars = RandomBars(5000, 6);
  const Column clean = Batch("sma", bars)[0];
  const Column clean_deviation = Batch("stddev", bars)[0];
  bars.close[100] = 1e30;
  CHECK(Batch("sma", bars)[0].back() == Approx(clean.back()).epsilon(1e-12));
  CHECK(Batch("stddev", bars)[0].back() == Approx(clean_deviation.back()).epsilon(1e-9));
}

TEST_CASE("small swings of large prices have their deviation to nine digits, over a million bars") {
  Bars bars;
  for (std::size_t i = 0; i < 1'000'000; ++i) bars.close.push_back(1e6 + (i % 2 == 0 ? 0.5 : -0.5));
  const Column deviation = Batch("stddev", bars, std::array<double, 1>{20})[0];
  CHECK(deviation.back() == Approx(0.5).epsilon(1e-9));
}

}  // namespace
}  // namespace papertape::indicators

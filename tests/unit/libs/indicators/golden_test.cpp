// Every golden column of TA-Lib C 0.4 on its 252-bar regression series.
#include <fstream>
#include <map>
#include <sstream>

#include "tests/unit/libs/indicators/series.h"

namespace papertape::indicators {
namespace {

struct Golden {
  const char* column;
  const char* name;
  std::size_t output;
  std::vector<double> parameters;
};

const std::vector<Golden>& Goldens() {
  static const auto* const goldens = new std::vector<Golden>{
      {"SMA_20", "sma", 0, {20}},
      {"EMA_12", "ema", 0, {12}},
      {"EMA_26", "ema", 0, {26}},
      {"WMA_10", "wma", 0, {10}},
      {"DEMA_10", "dema", 0, {10}},
      {"TEMA_10", "tema", 0, {10}},
      {"KAMA_10", "kama", 0, {10}},
      {"TRIMA_10", "trima", 0, {10}},
      {"RSI_14", "rsi", 0, {14}},
      {"MACD_12_26_9", "macd", 0, {12, 26, 9}},
      {"MACD_SIGNAL", "macd", 1, {12, 26, 9}},
      {"MACD_HIST", "macd", 2, {12, 26, 9}},
      {"BB20_UPPER", "bbands", 0, {20, 2, 2}},
      {"BB20_MIDDLE", "bbands", 1, {20, 2, 2}},
      {"BB20_LOWER", "bbands", 2, {20, 2, 2}},
      {"STDDEV_20", "stddev", 0, {20, 1}},
      {"TRANGE", "trange", 0, {}},
      {"ATR_14", "atr", 0, {14}},
      {"NATR_14", "natr", 0, {14}},
      {"PLUS_DI_14", "plus_di", 0, {14}},
      {"MINUS_DI_14", "minus_di", 0, {14}},
      {"DX_14", "dx", 0, {14}},
      {"ADX_14", "adx", 0, {14}},
      {"ADXR_14", "adxr", 0, {14}},
      {"STOCH_5_3_SLOWK", "stoch", 0, {5, 3, 3}},
      {"STOCH_5_3_3_SLOWD", "stoch", 1, {5, 3, 3}},
      {"STOCH_14_3_SLOWK", "stoch", 0, {14, 3, 3}},
      {"STOCH_14_3_3_SLOWD", "stoch", 1, {14, 3, 3}},
      {"STOCHF_5_FASTK", "stochf", 0, {5, 3}},
      {"STOCHF_5_3_FASTD", "stochf", 1, {5, 3}},
      {"STOCHRSI_14_5_FASTK", "stochrsi", 0, {14, 5, 3}},
      {"STOCHRSI_14_5_3_FASTD", "stochrsi", 1, {14, 5, 3}},
      {"OBV", "obv", 0, {}},
      {"AD", "ad", 0, {}},
      {"CCI_14", "cci", 0, {14}},
      {"CCI_20", "cci", 0, {20}},
      {"MFI_14", "mfi", 0, {14}},
      {"WILLR_14", "willr", 0, {14}},
      {"ROC_10", "roc", 0, {10}},
      {"MOM_10", "mom", 0, {10}},
      {"SAR_02_20", "sar", 0, {0.02, 0.2}},
      {"AROON_DOWN_14", "aroon", 0, {14}},
      {"AROON_UP_14", "aroon", 1, {14}},
      {"TRIX_15", "trix", 0, {15}},
      {"ULTOSC_7_14_28", "ultosc", 0, {7, 14, 28}},
      {"MIDPRICE_14", "midprice", 0, {14}},
  };
  return *goldens;
}

using Table = std::map<std::string, Column>;  // NaN where a cell is blank

// Empty when the file is not there.
Table ReadTable(const std::string& name) {
  Table table;
  for (const char* const up : {"/../shared/data/talib/", "/../../shared/data/talib/"}) {
    std::ifstream file(PAPERTAPE_SOURCE_ROOT + std::string(up) + name);
    std::string line;
    std::string cell;
    if (!std::getline(file, line)) continue;
    std::vector<std::string> names;
    for (std::istringstream cells(line); std::getline(cells, cell, ',');) names.push_back(cell);
    while (std::getline(file, line)) {
      std::istringstream cells(line);
      for (const std::string& column : names) {
        if (!std::getline(cells, cell, ',')) cell.clear();
        table[column].push_back(cell.empty() ? kNa : std::strtod(cell.c_str(), nullptr));
      }
    }
    return table;
  }
  return table;
}

TEST_CASE("every golden column of TA-Lib is met at every bar, and blank where TA-Lib is blank") {
  const Table table = ReadTable("golden_252_talib_c_0.4.csv");
  if (table.empty()) {
    WARN("skipped: shared/data/talib is not beside the source tree");
    return;
  }
  Bars bars;
  bars.open = table.at("open");
  bars.high = table.at("high");
  bars.low = table.at("low");
  bars.close = table.at("close");
  bars.volume = table.at("volume");
  REQUIRE(bars.close.size() == 252);
  REQUIRE(Goldens().size() == 46);
  for (const Golden& golden : Goldens()) {
    INFO(golden.column);
    const Column& theirs = table.at(golden.column);
    const Column ours = Batch(golden.name, bars, golden.parameters)[golden.output];
    for (std::size_t i = 0; i < theirs.size(); ++i) {
      INFO("bar " << i << ": ours " << ours[i] << ", TA-Lib's " << theirs[i]);
      REQUIRE(std::isnan(ours[i]) == std::isnan(theirs[i]));
      // The floor is for values that would be 0 in exact arithmetic.
      if (!std::isnan(ours[i])) REQUIRE(std::fabs(ours[i] - theirs[i]) <= 1e-9 * std::fabs(theirs[i]) + 1e-12);
    }
  }
}

TEST_CASE("look-backs are those that TA-Lib reports") {
  const Table table = ReadTable("golden_252_talib_c_0.4.csv");
  if (table.empty()) {
    WARN("skipped: shared/data/talib is not beside the source tree");
    return;
  }
  for (const Golden& golden : Goldens()) {
    INFO(golden.column);
    const Column& theirs = table.at(golden.column);
    const auto first = std::find_if(theirs.begin(), theirs.end(), [](double value) { return !std::isnan(value); });
    const Calculation calculation(*Find(golden.name), golden.parameters);
    CHECK(calculation.look_back() == static_cast<std::size_t>(first - theirs.begin()));
  }
}

}  // namespace
}  // namespace papertape::indicators

// Features: one output of one indicator, as people and programs name it in a request, a formula or an alert.
//
//   [SERIES_]NAME[_OUTPUT][_PARAMETER...]     rsi, rsi_7, macd_signal, bbands_upper_20_2, volume_sma_20, t3_5_0.7
//
// NAME is the registry's or an alias (`bb_upper`, `stoch_k`, `macd_hist`). SERIES is what an indicator of any series
// looks at: open, high, low, close (the default) or volume. Parameters stand in the registry's order, missing ones have
// their defaults. Upper case is read as lower case. Without OUTPUT an indicator of several means the output of its own
// name (`macd`), else all of them (`bbands`: bbands_upper, bbands_middle, bbands_lower).
//
// Pure. Failure: `fault` says for people what is wrong with which name.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "libs/indicators/indicator.h"

namespace papertape::indicators {

inline constexpr std::size_t kMaxFeatures = 32;
inline constexpr std::size_t kMaxFeatureBytes = 64;  // of one name

struct Feature {
  std::string name;  // as it was asked for, in lower case
  const Indicator* indicator = nullptr;
  std::size_t output = 0;        // of Indicator::outputs
  Values parameters{};           // complete
  Input source = Input::kClose;  // what Input::kSource stands for
};

struct FeatureList {
  std::vector<Feature> features;  // in the order of the list, each name once
  std::string fault;              // empty when nothing is wrong
};

// Names with commas between them; spaces and empty names are passed over. An empty list has no features.
FeatureList ParseFeatures(std::string_view list);
// What is computed where nothing is asked for: the 18 names that dashboards show.
std::string_view DefaultFeatures();
// One feature of every output, at the defaults, named with the least that names it.
std::vector<std::string> FeatureNames(const Indicator& indicator);
// Whether one symbol's bars are all that it needs. The others (`beta`, `correl`) cannot be features.
bool IsOfOneSymbol(const Indicator& indicator);

}  // namespace papertape::indicators

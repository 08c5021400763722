// The tables of the families, of which registry.cpp makes the registry, and what they share.
#pragma once

#include <string_view>
#include <vector>

#include "libs/indicators/indicator.h"

namespace papertape::indicators {

std::vector<Indicator> MovingAverages();
std::vector<Indicator> Momentum();
std::vector<Indicator> Stochastics();
std::vector<Indicator> Directional();
std::vector<Indicator> Trend();
std::vector<Indicator> Volatility();
std::vector<Indicator> Volume();
std::vector<Indicator> Statistics();
std::vector<Indicator> PriceLevels();

inline Parameter Period(double initial, double least = 1, std::string_view name = "period") {
  return {.name = name, .initial = initial, .least = least, .most = kLongestPeriod};
}
inline constexpr std::string_view kTaLib = "TA-Lib 0.4";

}  // namespace papertape::indicators

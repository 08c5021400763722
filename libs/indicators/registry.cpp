#include <algorithm>
#include <charconv>
#include <cmath>

#include "libs/indicators/families.h"
#include "libs/indicators/indicator.h"

namespace papertape::indicators {
namespace {

std::string Shortest(double value) {
  std::array<char, 32> text{};
  return {text.data(), std::to_chars(text.data(), text.data() + text.size(), value).ptr};
}

std::vector<Indicator> All() {
  std::vector<Indicator> all;
  for (auto* family :
       {MovingAverages, Momentum, Stochastics, Directional, Trend, Volatility, Volume, Statistics, PriceLevels}) {
    std::vector<Indicator> entries = family();
    std::move(entries.begin(), entries.end(), std::back_inserter(all));
  }
  std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.family < b.family; });
  return all;
}

}  // namespace

const std::vector<Indicator>& Registry() {
  static const auto* const registry = new std::vector<Indicator>(All());
  return *registry;
}

const Indicator* Find(std::string_view name) {
  for (const Indicator& indicator : Registry()) {
    if (indicator.name == name) return &indicator;
  }
  return nullptr;
}

Values WithDefaults(const Indicator& indicator, std::span<const double> given) {
  Values values{};
  for (std::size_t i = 0; i < indicator.parameters.size(); ++i) {
    values[i] = i < given.size() ? given[i] : indicator.parameters[i].initial;
  }
  return values;
}

std::string FaultOf(const Indicator& indicator, std::span<const double> given) {
  const std::string name(indicator.name);
  if (given.size() > indicator.parameters.size()) {
    return name + " takes at most " + std::to_string(indicator.parameters.size()) + " parameters";
  }
  for (std::size_t i = 0; i < given.size(); ++i) {
    const Parameter& parameter = indicator.parameters[i];
    const std::string whose = std::string(parameter.name) + " of " + name;
    if (!(given[i] >= parameter.least && given[i] <= parameter.most)) {
      return whose + " must be " + Shortest(parameter.least) + " to " + Shortest(parameter.most);
    }
    if (parameter.whole && given[i] != std::floor(given[i])) return whose + " must be a whole number";
  }
  return {};
}

std::string_view NameOf(Family family) {
  constexpr std::array<std::string_view, 7> kNames = {"Moving averages", "Momentum",   "Trend",       "Volatility",
                                                      "Volume",          "Statistics", "Price levels"};
  return kNames[static_cast<std::size_t>(family)];
}

std::string_view NameOf(Input input) {
  constexpr std::array<std::string_view, 8> kNames = {"open",   "high",    "low",    "close",
                                                      "volume", "session", "source", "second"};
  return kNames[static_cast<std::size_t>(input)];
}

}  // namespace papertape::indicators

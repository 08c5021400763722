#include "libs/indicators/feature.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <numeric>
#include <utility>

namespace papertape::indicators {
namespace {

// Names that charts and other libraries use.
struct Alias {
  std::string_view name;
  std::string_view indicator;
  std::string_view output;
  // Parameters beyond the second are the second: bands of one width on both sides.
  bool second_is_rest = false;
};
constexpr std::array<Alias, 14> kAliases = {{
    {"bb_upper", "bbands", "upper", true},
    {"bb_middle", "bbands", "middle", true},
    {"bb_lower", "bbands", "lower", true},
    {"bbands_upper", "bbands", "upper", true},
    {"bbands_middle", "bbands", "middle", true},
    {"bbands_lower", "bbands", "lower", true},
    {"macd_hist", "macd", "histogram"},
    {"stoch_k", "stoch", "slow_k"},
    {"stoch_d", "stoch", "slow_d"},
    {"stochf_k", "stochf", "fast_k"},
    {"stochf_d", "stochf", "fast_d"},
    {"stochrsi_k", "stochrsi", "fast_k"},
    {"stochrsi_d", "stochrsi", "fast_d"},
    {"williams_r", "willr", "willr"},
}};

constexpr std::array<Input, 5> kSeries = {Input::kOpen, Input::kHigh, Input::kLow, Input::kClose, Input::kVolume};

// What a name without its parameters stands for.
struct Meaning {
  const Indicator* indicator = nullptr;
  std::vector<std::size_t> outputs;  // all of them for a bare name of several
  bool second_is_rest = false;
  Input source = Input::kClose;
};

std::size_t OutputOf(const Indicator& indicator, std::string_view name) {
  return static_cast<std::size_t>(std::find(indicator.outputs.begin(), indicator.outputs.end(), name) -
                                  indicator.outputs.begin());
}

Meaning MeaningOfBareName(const Indicator& indicator) {
  Meaning meaning{.indicator = &indicator};
  const std::size_t own = OutputOf(indicator, indicator.name);
  if (own < indicator.outputs.size()) {
    meaning.outputs = {own};
  } else {
    meaning.outputs.resize(indicator.outputs.size());
    std::iota(meaning.outputs.begin(), meaning.outputs.end(), std::size_t{0});
    meaning.second_is_rest = indicator.name == "bbands";
  }
  return meaning;
}

// `indicator` is null when nothing bears the name.
Meaning MeaningWithoutSeries(std::string_view name) {
  for (const Alias& alias : kAliases) {
    if (alias.name != name) continue;
    const Indicator* const indicator = Find(alias.indicator);
    return {.indicator = indicator,
            .outputs = {OutputOf(*indicator, alias.output)},
            .second_is_rest = alias.second_is_rest};
  }
  for (const Indicator& indicator : Registry()) {
    if (!name.starts_with(indicator.name)) continue;
    if (name == indicator.name) return MeaningOfBareName(indicator);
    if (name[indicator.name.size()] != '_') continue;
    const std::size_t output = OutputOf(indicator, name.substr(indicator.name.size() + 1));
    if (output < indicator.outputs.size()) return {.indicator = &indicator, .outputs = {output}};
  }
  return {};
}

Meaning MeaningOf(std::string_view name) {
  if (Meaning plain = MeaningWithoutSeries(name); plain.indicator != nullptr) return plain;
  for (const Input series : kSeries) {
    const std::string prefix = std::string(NameOf(series)) + '_';
    if (!name.starts_with(prefix)) continue;
    Meaning meaning = MeaningWithoutSeries(name.substr(prefix.size()));
    if (meaning.indicator == nullptr) break;
    const std::vector<Input>& inputs = meaning.indicator->inputs;
    if (std::find(inputs.begin(), inputs.end(), Input::kSource) == inputs.end()) break;
    meaning.source = series;
    return meaning;
  }
  return {};
}

// Changes of one letter (put in, left out, another one) that make `b` of `a`.
std::size_t Distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i + 1);
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t changed = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = std::exchange(row[j + 1], std::min({row[j + 1] + 1, row[j] + 1, changed}));
    }
  }
  return row.back();
}

std::string Nearest(std::string_view name) {
  std::string nearest;
  std::size_t least = kMaxFeatureBytes;
  const auto consider = [&](std::string_view candidate) {
    const std::size_t distance = Distance(name, candidate);
    if (distance >= least) return;
    least = distance;
    nearest = candidate;
  };
  for (const Indicator& indicator : Registry()) {
    if (!IsOfOneSymbol(indicator)) continue;
    for (const std::string& candidate : FeatureNames(indicator)) consider(candidate);
    consider(indicator.name);
  }
  for (const Alias& alias : kAliases) consider(alias.name);
  return nearest;
}

bool ParseParameter(std::string_view text, double& value) {
  // Digits and one dot: from_chars would take "inf" and "1e9", too.
  if (text.empty() || text.find_first_not_of("0123456789.") != std::string_view::npos) return false;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
  return error == std::errc() && end == text.data() + text.size();
}

// Takes the numbers off the end of `name`; they stand in the order of the name.
std::vector<double> TakeParameters(std::string_view& name) {
  std::vector<double> parameters;
  for (double value = 0;;) {
    const std::size_t dash = name.rfind('_');
    if (dash == std::string_view::npos || !ParseParameter(name.substr(dash + 1), value)) break;
    parameters.insert(parameters.begin(), value);
    name = name.substr(0, dash);
  }
  return parameters;
}

std::string Quoted(std::string_view name) {
  std::string quoted = "\"";
  for (const char c : name.substr(0, kMaxFeatureBytes)) quoted += c >= ' ' && c <= '~' && c != '"' ? c : '?';
  return quoted + '"';
}

// Adds what `name` stands for; answers what is wrong.
std::string AddFeatures(const std::string& name, std::vector<Feature>& features) {
  if (name.size() > kMaxFeatureBytes) {
    return Quoted(name) + " is longer than " + std::to_string(kMaxFeatureBytes) + " letters";
  }
  std::string_view words = name;
  std::vector<double> parameters = TakeParameters(words);
  const Meaning meaning = MeaningOf(words);
  if (meaning.indicator == nullptr) {
    return Quoted(name) + " is unknown; the nearest is " + Nearest(words) +
           ", and GET /indicators lists all, with their parameters";
  }
  if (!IsOfOneSymbol(*meaning.indicator)) return Quoted(name) + " compares two symbols; it has no place here";
  if (std::string fault = FaultOf(*meaning.indicator, parameters); !fault.empty()) {
    return Quoted(name) + ": " + fault;
  }
  if (meaning.second_is_rest && parameters.size() == 2) parameters.push_back(parameters[1]);
  const Values values = WithDefaults(*meaning.indicator, parameters);
  for (const std::size_t output : meaning.outputs) {
    std::string own = name;
    if (meaning.outputs.size() > 1) own.insert(words.size(), "_" + std::string(meaning.indicator->outputs[output]));
    const auto same = [&own](const Feature& feature) { return feature.name == own; };
    if (std::any_of(features.begin(), features.end(), same)) continue;
    features.push_back({.name = std::move(own),
                        .indicator = meaning.indicator,
                        .output = output,
                        .parameters = values,
                        .source = meaning.source});
  }
  return {};
}

std::string Trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  std::string name(text.substr(begin, text.find_last_not_of(" \t") - begin + 1));
  for (char& c : name) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  return name;
}

}  // namespace

FeatureList ParseFeatures(std::string_view list) {
  FeatureList parsed;
  while (!list.empty()) {
    const std::size_t comma = std::min(list.find(','), list.size());
    const std::string name = Trimmed(list.substr(0, comma));
    list.remove_prefix(std::min(comma + 1, list.size()));
    if (name.empty()) continue;
    parsed.fault = AddFeatures(name, parsed.features);
    if (parsed.fault.empty() && parsed.features.size() > kMaxFeatures) {
      parsed.fault = "must be at most " + std::to_string(kMaxFeatures) + " indicators";
    }
    if (parsed.fault.empty()) continue;
    parsed.features.clear();
    break;
  }
  return parsed;
}

std::string_view DefaultFeatures() {
  return "rsi_14,macd,macd_signal,macd_hist,bb_upper,bb_middle,bb_lower,sma_20,sma_50,sma_200,ema_12,ema_26,atr_14,"
         "adx_14,stoch_k,stoch_d,obv,volume_sma_20";
}

std::vector<std::string> FeatureNames(const Indicator& indicator) {
  std::vector<std::string> names;
  for (const std::string_view output : indicator.outputs) {
    std::string name(indicator.name);
    if (output != indicator.name) name += "_" + std::string(output);
    names.push_back(std::move(name));
  }
  return names;
}

bool IsOfOneSymbol(const Indicator& indicator) {
  return std::find(indicator.inputs.begin(), indicator.inputs.end(), Input::kSecond) == indicator.inputs.end();
}

}  // namespace papertape::indicators

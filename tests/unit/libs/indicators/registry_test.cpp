// The registry, and the document that is made of it.
#include <fstream>
#include <set>
#include <sstream>

#include "tests/unit/libs/indicators/series.h"

namespace papertape::indicators {
namespace {

std::string Number(double value) {
  std::ostringstream text;
  text << value;
  return text.str();
}

std::string Joined(const std::vector<std::string>& words) {
  std::string joined;
  for (const std::string& word : words) joined += (joined.empty() ? "" : ", ") + word;
  return joined.empty() ? "-" : joined;
}

std::string Row(const Indicator& indicator) {
  std::vector<std::string> parameters;
  for (const Parameter& parameter : indicator.parameters) {
    parameters.push_back(std::string(parameter.name) + " " + Number(parameter.initial) + " (" +
                         Number(parameter.least) + ".." + Number(parameter.most) + ")");
  }
  std::vector<std::string> inputs;
  for (const Input input : indicator.inputs) inputs.emplace_back(NameOf(input));
  std::string formula(indicator.formula);
  for (std::size_t at = 0; (at = formula.find('|', at)) != std::string::npos; at += 2) formula.insert(at, "\\");
  return "| `" + std::string(indicator.name) + "` | " + std::string(indicator.title) + " | " + Joined(parameters) +
         " | " + Joined(inputs) + " | " + Joined({indicator.outputs.begin(), indicator.outputs.end()}) + " | " +
         std::to_string(indicator.look_back(WithDefaults(indicator))) + " | " +
         (indicator.talib.empty() ? "" : "`" + std::string(indicator.talib) + "`") + " | " + formula + " |\n";
}

std::string Document() {
  std::string text =
      "# Indicators\n\n"
      "What `/features` and formulas can compute, " +
      std::to_string(Registry().size()) +
      " in all, generated from the registry of `libs/indicators`\n"
      "(`RENEW_DOCUMENTS=1 build/dev/tests/unit_indicators` renews it). Where a TA-Lib name stands, values "
      "are those\n"
      "of TA-Lib C 0.4 with unstable period 0: within 1e-9 relative, blank at the same bars. The others are defined by "
      "their\n"
      "formula. Batch and bar-by-bar values are equal to the last bit.\n\n"
      "`x` is the source (the close unless another series is given), `x[n]` the value n bars ago, HH and LL the "
      "highest high\n"
      "and the lowest low of n bars, `session` a number that changes with the trading session, `second` another series "
      "such\n"
      "as a benchmark. The look-back is the number of bars before the first value, at the defaults. A bar with an "
      "input that\n"
      "is missing answers `na`, and the indicator starts anew behind it.\n";
  for (std::size_t i = 0; i < Registry().size(); ++i) {
    const Indicator& indicator = Registry()[i];
    if (i == 0 || Registry()[i - 1].family != indicator.family) {
      text += "\n## " + std::string(NameOf(indicator.family)) +
              "\n\n| name | | parameters (range) | inputs | outputs | look-back | TA-Lib | formula |\n"
              "|---|---|---|---|---|---|---|---|\n";
    }
    text += Row(indicator);
  }
  return text;
}

TEST_CASE("docs/indicators.md is what the registry says") {
  const std::string path = PAPERTAPE_SOURCE_ROOT "/docs/indicators.md";
  if (std::getenv("RENEW_DOCUMENTS") != nullptr) std::ofstream(path) << Document();
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  INFO("RENEW_DOCUMENTS=1 before this test renews it");
  CHECK(text.str() == Document());
}

TEST_CASE("there are at least sixty indicators, each whole and with a name of its own") {
  CHECK(Registry().size() >= 60);
  std::set<std::string_view> names;
  for (const Indicator& indicator : Registry()) {
    INFO(indicator.name);
    CHECK(names.insert(indicator.name).second);
    CHECK(Find(indicator.name) == &indicator);
    CHECK_FALSE(indicator.title.empty());
    CHECK_FALSE(indicator.formula.empty());
    CHECK_FALSE(indicator.source.empty());
    CHECK_FALSE(indicator.inputs.empty());
    CHECK_FALSE(indicator.outputs.empty());
    CHECK(indicator.inputs.size() <= kMaxInputs);
    CHECK(indicator.outputs.size() <= kMaxOutputs);
    CHECK(indicator.parameters.size() <= kMaxParameters);
    const Values defaults = WithDefaults(indicator);
    CHECK(FaultOf(indicator, std::span(defaults).first(indicator.parameters.size())).empty());
  }
  CHECK(Find("no_such_indicator") == nullptr);
}

TEST_CASE("parameters out of range are refused in words") {
  const Indicator& rsi = *Find("rsi");
  CHECK(FaultOf(rsi, std::array{14.0}).empty());
  CHECK(FaultOf(rsi, std::array{1.0}) == "period of rsi must be 2 to 5000");
  CHECK(FaultOf(rsi, std::array{2.5}) == "period of rsi must be a whole number");
  CHECK(FaultOf(rsi, std::array{kNa}) == "period of rsi must be 2 to 5000");
  CHECK(FaultOf(rsi, std::array{14.0, 3.0}) == "rsi takes at most 1 parameters");
}

}  // namespace
}  // namespace papertape::indicators

// Names of features: what they mean, and what is said of those that mean nothing.
#include "libs/indicators/feature.h"

#include <random>

#include "tests/support/catch.h"

namespace papertape::indicators {
namespace {

Feature One(std::string_view name) {
  FeatureList parsed = ParseFeatures(name);
  INFO(name << ": " << parsed.fault);
  REQUIRE(parsed.fault.empty());
  REQUIRE(parsed.features.size() == 1);
  return parsed.features[0];
}

std::string OutputOf(const Feature& feature) {
  return std::string(feature.indicator->name) + "." + std::string(feature.indicator->outputs[feature.output]);
}

std::vector<std::string> NamesOf(const FeatureList& list) {
  std::vector<std::string> names;
  for (const Feature& feature : list.features) names.push_back(feature.name);
  return names;
}

std::string FaultOfList(std::string_view list) { return ParseFeatures(list).fault; }

using Catch::Matchers::Contains;

TEST_CASE("a name is an indicator, its output and its parameters") {
  CHECK(OutputOf(One("rsi_7")) == "rsi.rsi");
  CHECK(One("rsi_7").parameters[0] == 7);
  CHECK(One("rsi").parameters[0] == 14);
  CHECK(OutputOf(One("macd")) == "macd.macd");
  CHECK(OutputOf(One("macd_signal_5_10_3")) == "macd.signal");
  CHECK(One("macd_signal_5_10_3").parameters == Values{5, 10, 3});
  CHECK(OutputOf(One("aroon_up_25")) == "aroon.up");
  CHECK(OutputOf(One("linearreg_slope_9")) == "linearreg_slope.linearreg_slope");
  CHECK(OutputOf(One("ichimoku_span_a")) == "ichimoku.span_a");
  CHECK(OutputOf(One("vwap_rolling_10")) == "vwap_rolling.vwap_rolling");
  CHECK(One("t3_5_0.5").parameters == Values{5, 0.5});
  CHECK(One(" RSI_7 ").name == "rsi_7");
}

TEST_CASE("aliases are what charts call them") {
  CHECK(OutputOf(One("bb_lower")) == "bbands.lower");
  CHECK(One("bb_lower_10_3").parameters == Values{10, 3, 3});
  CHECK(One("bb_lower_10_3_1").parameters == Values{10, 3, 1});
  CHECK(OutputOf(One("stoch_k_5_3_3")) == "stoch.slow_k");
  CHECK(OutputOf(One("macd_hist")) == "macd.histogram");
}

TEST_CASE("an indicator of any series looks at the one before its name") {
  CHECK(One("sma_20").source == Input::kClose);
  CHECK(One("volume_sma_20").source == Input::kVolume);
  CHECK(One("volume_sma_20").name == "volume_sma_20");
  CHECK(One("high_ema_5").source == Input::kHigh);
  CHECK_THAT(FaultOfList("volume_atr"), Contains("unknown"));
  CHECK_THAT(FaultOfList("volume_high_sma"), Contains("unknown"));
}

TEST_CASE("a bare name of several outputs means all of them, unless one bears that name") {
  CHECK(NamesOf(ParseFeatures("bbands_10_3")) ==
        std::vector<std::string>{"bbands_upper_10_3", "bbands_middle_10_3", "bbands_lower_10_3"});
  CHECK(ParseFeatures("bbands_10_3").features[2].parameters == Values{10, 3, 3});
  CHECK(NamesOf(ParseFeatures("supertrend")) == std::vector<std::string>{"supertrend"});
  for (const std::string& name : NamesOf(ParseFeatures("ichimoku_5,donchian"))) CHECK(One(name).name == name);
}

TEST_CASE("a list keeps its order, and each name once") {
  CHECK(NamesOf(ParseFeatures("sma_5, rsi ,,sma_5,bb_upper,")) == std::vector<std::string>{"sma_5", "rsi", "bb_upper"});
  CHECK(ParseFeatures("").features.empty());
  CHECK(ParseFeatures(" , ").fault.empty());
}

TEST_CASE("the default set is the eighteen of the interface") {
  const FeatureList list = ParseFeatures(DefaultFeatures());
  CHECK(list.fault.empty());
  CHECK(list.features.size() == 18);
}

TEST_CASE("what is wrong is said with the name, the nearest one and what is allowed") {
  CHECK(FaultOfList("sma_5,rsii_14") ==
        "\"rsii_14\" is unknown; the nearest is rsi, and GET /indicators lists all, with their parameters");
  CHECK_THAT(FaultOfList("bb_uper_20"), Contains("the nearest is bb_upper"));
  CHECK_THAT(FaultOfList("macd_singal"), Contains("the nearest is macd_signal"));
  CHECK_THAT(FaultOfList("rsi_1"), Contains("\"rsi_1\": period of rsi must be 2 to 5000"));
  CHECK_THAT(FaultOfList("rsi_2.5"), Contains("whole number"));
  CHECK_THAT(FaultOfList("rsi_14_3"), Contains("at most 1 parameters"));
  CHECK_THAT(FaultOfList("beta"), Contains("compares two symbols"));
  CHECK_THAT(FaultOfList("rsi_-5"), Contains("unknown"));
  CHECK_THAT(FaultOfList("rsi_1e3"), Contains("unknown"));
  CHECK_THAT(FaultOfList(std::string(65, 'a')), Contains("longer than 64"));
  CHECK_THAT(FaultOfList("\x01\"\xff"), Contains("\"???\" is unknown"));
}

TEST_CASE("32 features are the most") {
  std::string list = "rsi_2";
  for (int n = 3; n <= 33; ++n) list += ",rsi_" + std::to_string(n);
  CHECK(ParseFeatures(list).features.size() == 32);
  CHECK_THAT(FaultOfList(list + ",rsi_34"), Contains("at most 32"));
  CHECK(FaultOfList(list + ",rsi_33").empty());
}

TEST_CASE("every output of the registry has a name that means it, with any parameters in range") {
  std::mt19937 random(20261121);
  for (const Indicator& indicator : Registry()) {
    const std::vector<std::string> names = FeatureNames(indicator);
    REQUIRE(names.size() == indicator.outputs.size());
    for (std::size_t output = 0; output < names.size(); ++output) {
      if (!IsOfOneSymbol(indicator)) {
        CHECK_FALSE(FaultOfList(names[output]).empty());
        continue;
      }
      std::string name = names[output];
      Values expected = WithDefaults(indicator);
      const std::size_t given = indicator.parameters.empty() ? 0 : random() % (indicator.parameters.size() + 1);
      for (std::size_t i = 0; i < given; ++i) {
        expected[i] = std::max(indicator.parameters[i].least, std::min(indicator.parameters[i].most, 3.0));
        name += indicator.parameters[i].least == 0.5 ? "_0.5" : "_" + std::to_string(static_cast<int>(expected[i]));
      }
      if (indicator.name == "bbands" && given == 2) expected[2] = expected[1];
      INFO(name);
      const Feature feature = One(name);
      CHECK(feature.indicator == &indicator);
      CHECK(feature.output == output);
      CHECK(feature.parameters == expected);
      CHECK(feature.name == name);
    }
  }
}

}  // namespace
}  // namespace papertape::indicators

// A batch and a stream are one arithmetic: every indicator, random bars, parameters and cut points.
#include "tests/unit/libs/indicators/series.h"

namespace papertape::indicators {
namespace {

// Parameters in range, periods mostly short.
std::vector<double> RandomParameters(const Indicator& indicator, std::mt19937& random) {
  std::vector<double> values;
  for (const Parameter& parameter : indicator.parameters) {
    const double most = std::min(parameter.most, parameter.least + (random() % 4 == 0 ? 120 : 20));
    const double share = static_cast<double>(random() % 1000) / 999;
    const double value = parameter.least + share * (most - parameter.least);
    values.push_back(parameter.whole ? std::floor(value) : value);
  }
  return values;
}

TEST_CASE("a batch and a stream are bit for bit equal at every bar, wherever the batch ends") {
  const std::uint32_t seed = 20261120;
  for (const Indicator& indicator : Registry()) {
    std::mt19937 random(seed);
    for (int round = 0; round < 12; ++round) {
      const Bars bars = RandomBars(1 + random() % 3000, random());
      const std::vector<double> parameters = RandomParameters(indicator, random);
      INFO(indicator.name << ", round " << round << ", first parameter " << (parameters.empty() ? 0 : parameters[0]));
      REQUIRE(FaultOf(indicator, parameters).empty());
      Calculation whole(indicator, parameters);
      const std::vector<Column> batch = Batch(whole, bars);

      Calculation stream(indicator, parameters);
      std::vector<Column> streamed;
      PushAll(stream, bars, 0, bars.close.size(), streamed);
      REQUIRE(Differences(batch, streamed).empty());

      // History as a batch, the rest live.
      const std::size_t cut = random() % (bars.close.size() + 1);
      Calculation mixed(indicator, parameters);
      std::vector<Column> cut_batch = Batch(mixed, bars.Part(0, cut));
      PushAll(mixed, bars, cut, bars.close.size(), cut_batch);
      INFO("cut at " << cut);
      REQUIRE(Differences(batch, cut_batch).empty());
    }
  }
}

TEST_CASE("a batch after other bars is the batch of a fresh calculation") {
  const Bars before = RandomBars(777, 1);
  const Bars bars = RandomBars(1500, 2);
  for (const Indicator& indicator : Registry()) {
    INFO(indicator.name);
    Calculation fresh(indicator);
    Calculation used(indicator);
    Batch(used, before);
    CHECK(Differences(Batch(fresh, bars), Batch(used, bars)).empty());
  }
}

TEST_CASE("holes in the data give the same bits in batch and stream") {
  for (const Indicator& indicator : Registry()) {
    INFO(indicator.name);
    Bars bars = RandomBars(2500, 3);
    for (const std::size_t hole : {0U, 1U, 400U, 401U, 1023U, 1024U, 2000U}) {
      bars.close[hole] = hole % 2 == 0 ? kNa : std::numeric_limits<double>::infinity();
      bars.high[hole] = bars.volume[hole] = bars.close[hole];
    }
    Calculation whole(indicator);
    Calculation stream(indicator);
    std::vector<Column> streamed;
    PushAll(stream, bars, 0, bars.close.size(), streamed);
    CHECK(Differences(Batch(whole, bars), streamed).empty());
  }
}

}  // namespace
}  // namespace papertape::indicators

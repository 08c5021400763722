// What an indicator is, for those who look it up: name, parameters, inputs, outputs, look-back. `Registry` lists them
// all and lives as long as the process; everything here may be read from any thread.
//
// Failure: nothing throws. `Find` answers null for an unknown name, `FaultOf` says what is wrong with parameters.
#pragma once

#include <array>
#include <cstddef>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace papertape::indicators {

inline constexpr double kNa = std::numeric_limits<double>::quiet_NaN();  // "not available": before the look-back
inline constexpr std::size_t kMaxParameters = 5;
inline constexpr std::size_t kMaxInputs = 6;
inline constexpr std::size_t kMaxOutputs = 7;
inline constexpr double kLongestPeriod = 5000;  // bars

using Values = std::array<double, kMaxParameters>;  // parameters, in the order of the entry; the rest 0

enum class Family { kMovingAverage, kMomentum, kTrend, kVolatility, kVolume, kStatistics, kPriceLevel };
std::string_view NameOf(Family family);

enum class Input {
  kOpen,
  kHigh,
  kLow,
  kClose,
  kVolume,
  kSession,  // any number that differs between neighbouring sessions, such as the day
  kSource,   // any series; the close unless the caller says otherwise
  kSecond,   // a second series, such as the benchmark's close
};
std::string_view NameOf(Input input);

struct Parameter {
  std::string_view name;
  double initial;  // the default
  double least;
  double most;
  bool whole = true;
};

class Kernel;

struct Indicator {
  std::string_view name;   // what formulas call it
  std::string_view title;  // what people call it
  Family family = Family::kMovingAverage;
  std::vector<Parameter> parameters;
  std::vector<Input> inputs;
  std::vector<std::string_view> outputs;
  // Bars before the first output. Where that depends on the data (`vwap`, `pivot`, `nvi`) the least number of them.
  std::size_t (*look_back)(const Values&) = nullptr;
  std::string_view talib;    // TA-Lib's name, empty where TA-Lib 0.4 has none
  std::string_view formula;  // in words, with seed
  std::string_view source;   // where the definition comes from
  std::unique_ptr<Kernel> (*make)(const Values&, std::size_t look_back) = nullptr;
};

// All of them, families together.
const std::vector<Indicator>& Registry();
const Indicator* Find(std::string_view name);

// Defaults, with the given ones over them; surplus ones are ignored (FaultOf reports them).
Values WithDefaults(const Indicator& indicator, std::span<const double> given = {});
// What is wrong with the given parameters, for people; empty when nothing is. Fewer than all are fine.
std::string FaultOf(const Indicator& indicator, std::span<const double> given);

}  // namespace papertape::indicators

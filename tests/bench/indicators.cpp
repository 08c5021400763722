// What indicators cost a bar, beside TA-Lib C and a plain copy of the column.
// usage: papertape-bench-indicators SECONDS LIBTA     prints a line "name value" for each sample; indicators.py makes
// the report of them. LIBTA is TA-Lib as a shared object.
//
// A case NAME gives samples "NAME.ours" and "NAME.talib", nanoseconds a bar, and once "NAME.difference": the largest
// difference from TA-Lib over the mean size of its values. Fails when that is not small or another bar is blank.
#include <dlfcn.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <random>
#include <span>
#include <string>
#include <vector>

#include "libs/indicators/calculation.h"
#include "tests/bench/talib_cases.h"

namespace papertape::bench {
namespace {

using indicators::Calculation;
using indicators::Input;

constexpr std::size_t kBars = 1'000'000;
constexpr double kAgreement = 1e-6;

[[noreturn]] void Fail(const std::string& what) {
  std::fprintf(stderr, "papertape-bench-indicators: %s\n", what.c_str());
  std::exit(1);
}

// A random walk around 100 in cents.
BenchBars RandomBars() {
  std::mt19937 random(20261120);
  const auto cents = [&](unsigned most) { return static_cast<double>(random() % (most + 1)) / 100; };
  BenchBars bars;
  double close = 100;
  for (std::size_t i = 0; i < kBars; ++i) {
    const double open = close;
    close = std::clamp(std::round((close + cents(200) - 1 + (100 - close) / 1000) * 100) / 100, 20.0, 500.0);
    bars.open.push_back(open);
    bars.high.push_back(std::max(open, close) + cents(50));
    bars.low.push_back(std::min(open, close) - cents(50));
    bars.close.push_back(close);
    bars.volume.push_back(static_cast<double>(1000 + random() % 1'000'000));
    bars.second.push_back(50 + cents(1000));
  }
  return bars;
}

std::span<const double> ColumnOf(const BenchBars& bars, Input input) {
  switch (input) {
    case Input::kOpen:
      return bars.open;
    case Input::kHigh:
      return bars.high;
    case Input::kLow:
      return bars.low;
    case Input::kVolume:
      return bars.volume;
    case Input::kSecond:
      return bars.second;
    default:
      return bars.close;
  }
}

double NanosecondsABar(const std::function<void()>& run) {
  const auto began = std::chrono::steady_clock::now();
  run();
  const std::chrono::duration<double, std::nano> took = std::chrono::steady_clock::now() - began;
  return took.count() / static_cast<double>(kBars);
}

void Sample(const std::string& name, double value) { std::printf("%s %.9g\n", name.c_str(), value); }

// One case: our calculation and TA-Lib's function over the same columns.
class Duel {
 public:
  Duel(const TalibCase& with, const BenchBars& bars, void* library)
      : case_(with), bars_(bars), calculation_(*indicators::Find(with.indicator), with.parameters) {
    const std::string symbol = "TA_" + std::string(calculation_.indicator().talib);
    function_ = dlsym(library, symbol.c_str());
    if (function_ == nullptr) Fail("TA-Lib has no " + symbol);
    for (const Input input : calculation_.indicator().inputs) inputs_.push_back(ColumnOf(bars, input));
    const std::size_t outputs = calculation_.indicator().outputs.size();
    ours_.assign(outputs, std::vector<double>(kBars));
    theirs_.assign(outputs, std::vector<double>(kBars));
    outputs_.assign(ours_.begin(), ours_.end());
  }

  void RunOurs() { calculation_.Batch(inputs_, outputs_); }
  void RunTheirs() {
    TalibCall call = {.function = function_, .last = static_cast<int>(kBars) - 1};
    for (std::size_t c = 0; c < theirs_.size(); ++c) call.out[c] = theirs_[c].data();
    case_.call(call, bars_);
    begin_ = static_cast<std::size_t>(call.begin);
    count_ = static_cast<std::size_t>(call.count);
  }

  void Measure() {
    Sample(std::string(case_.name) + ".ours", NanosecondsABar([this] { RunOurs(); }));
    Sample(std::string(case_.name) + ".talib", NanosecondsABar([this] { RunTheirs(); }));
  }

  void Compare() {
    RunOurs();
    RunTheirs();
    if (begin_ + count_ != kBars) Fail(std::string(case_.name) + ": TA-Lib has another number of values");
    double worst = 0;
    for (std::size_t c = 0; c < ours_.size(); ++c) worst = std::max(worst, Difference(ours_[c], theirs_[c]));
    Sample(std::string(case_.name) + ".difference", worst);
    if (!(worst < kAgreement)) Fail(std::string(case_.name) + " is not TA-Lib's");
  }

 private:
  [[nodiscard]] double Difference(const std::vector<double>& ours, const std::vector<double>& theirs) const {
    for (std::size_t i = 0; i < kBars; ++i) {
      if (std::isnan(ours[i]) != (i < begin_)) Fail(std::string(case_.name) + " is blank at other bars");
    }
    double size = 0;
    double worst = 0;
    for (std::size_t i = 0; i < count_; ++i) {
      size += std::fabs(theirs[i]);
      worst = std::max(worst, std::fabs(ours[begin_ + i] - theirs[i]));
    }
    return size == 0 ? worst : worst / (size / static_cast<double>(count_));
  }

  const TalibCase& case_;
  const BenchBars& bars_;
  Calculation calculation_;
  void* function_ = nullptr;
  std::vector<std::span<const double>> inputs_;
  std::vector<std::span<double>> outputs_;
  std::vector<std::vector<double>> ours_, theirs_;
  std::size_t begin_ = 0, count_ = 0;
};

void Run(double seconds, const char* library_path) {
  void* const library = dlopen(library_path, RTLD_NOW);
  if (library == nullptr) Fail(dlerror());
  auto* const initialize = reinterpret_cast<int (*)()>(dlsym(library, "TA_Initialize"));
  if (initialize == nullptr || initialize() != 0) Fail("TA-Lib does not begin");

  const BenchBars bars = RandomBars();
  std::vector<double> copy(kBars);
  const auto measure_copy = [&] {
    Sample("memcpy", NanosecondsABar([&] { std::memcpy(copy.data(), bars.close.data(), kBars * sizeof(double)); }));
  };
  for (const TalibCase& with : TalibCases()) Duel(with, bars, library).Compare();
  const double per_case = seconds / static_cast<double>(TalibCases().size());
  for (const TalibCase& with : TalibCases()) {
    Duel duel(with, bars, library);
    duel.RunOurs();
    duel.RunTheirs();
    const auto end = std::chrono::steady_clock::now() + std::chrono::duration<double>(per_case);
    do {
      duel.Measure();
      measure_copy();
    } while (std::chrono::steady_clock::now() < end);
  }
}

}  // namespace
}  // namespace papertape::bench

int main(int argc, char** argv) {
  if (argc != 3) papertape::bench::Fail("usage: papertape-bench-indicators SECONDS LIBTA");
  papertape::bench::Run(std::atof(argv[1]), argv[2]);
}

// Columns of bars for the tests of indicators, and an indicator run over them, as a batch or bar by bar.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "libs/indicators/calculation.h"
#include "tests/support/catch.h"

namespace papertape::indicators {

using Column = std::vector<double>;

// Columns in the order of `Input`. A test sets those it needs; the source is the close unless it is set.
struct Bars {
  Column open, high, low, close, volume, session, source, second;

  [[nodiscard]] const Column& Of(Input input) const {
    const std::array<const Column*, 8> columns = {
        &open, &high, &low, &close, &volume, &session, source.empty() ? &close : &source, &second};
    return *columns[static_cast<std::size_t>(input)];
  }
  [[nodiscard]] Bars Part(std::size_t from, std::size_t to) const {
    Bars part;
    const auto cut = [&](const Column& column) {
      return column.empty() ? Column{}
                            : Column(column.begin() + static_cast<std::ptrdiff_t>(from),
                                     column.begin() + static_cast<std::ptrdiff_t>(to));
    };
    part.open = cut(open);
    part.high = cut(high);
    part.low = cut(low);
    part.close = cut(close);
    part.volume = cut(volume);
    part.session = cut(session);
    part.source = cut(source);
    part.second = cut(second);
    return part;
  }
};

// A random walk around 100 with a session every 10 bars; some bars stand still, some have no range, some no volume.
inline Bars RandomBars(std::size_t count, std::uint_fast32_t seed) {
  std::mt19937 random(seed);
  const auto uniform = [&] { return static_cast<double>(random()) / 4294967296.0; };
  Bars bars;
  double close = 100;
  for (std::size_t i = 0; i < count; ++i) {
    const double open = close;
    if (random() % 8 != 0) close = std::max(1.0, std::round((close + 4 * uniform() - 2) * 100) / 100);
    const double room = random() % 8 == 0 ? 0 : uniform();
    bars.open.push_back(open);
    bars.high.push_back(std::max(open, close) + room);
    bars.low.push_back(std::min(open, close) - room);
    bars.close.push_back(close);
    bars.volume.push_back(random() % 10 == 0 ? 0 : std::floor(1e6 * uniform()));
    bars.session.push_back(std::floor(static_cast<double>(i) / 10));
    bars.second.push_back(50 + 10 * uniform());
  }
  return bars;
}

inline std::vector<std::span<const double>> InputsOf(const Indicator& indicator, const Bars& bars) {
  std::vector<std::span<const double>> inputs;
  for (const Input input : indicator.inputs) inputs.emplace_back(bars.Of(input));
  return inputs;
}

inline std::vector<Column> Batch(Calculation& calculation, const Bars& bars) {
  const auto inputs = InputsOf(calculation.indicator(), bars);
  std::vector<Column> outputs(calculation.indicator().outputs.size(), Column(inputs[0].size(), -1));
  calculation.Batch(inputs, std::vector<std::span<double>>(outputs.begin(), outputs.end()));
  return outputs;
}

inline std::vector<Column> Batch(std::string_view name, const Bars& bars, std::span<const double> parameters = {}) {
  const Indicator* const indicator = Find(name);
  REQUIRE(indicator != nullptr);
  Calculation calculation(*indicator, parameters);
  return Batch(calculation, bars);
}

// Appends what Push answers for bars [from, to) to `outputs`.
inline void PushAll(Calculation& calculation, const Bars& bars, std::size_t from, std::size_t to,
                    std::vector<Column>& outputs) {
  const auto inputs = InputsOf(calculation.indicator(), bars);
  std::vector<double> in(inputs.size());
  std::vector<double> out(calculation.indicator().outputs.size());
  outputs.resize(out.size());
  for (std::size_t i = from; i < to; ++i) {
    for (std::size_t c = 0; c < in.size(); ++c) in[c] = inputs[c][i];
    calculation.Push(in, out);
    for (std::size_t c = 0; c < out.size(); ++c) outputs[c].push_back(out[c]);
  }
}

// Every bit; all NaNs are one.
inline bool SameBits(double a, double b) {
  return (std::isnan(a) && std::isnan(b)) || std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b);
}

// The first bar and output that differ, in words; empty when none does.
inline std::string Differences(const std::vector<Column>& a, const std::vector<Column>& b) {
  if (a.size() != b.size()) return "another number of outputs";
  for (std::size_t c = 0; c < a.size(); ++c) {
    if (a[c].size() != b[c].size()) return "another number of bars";
    for (std::size_t i = 0; i < a[c].size(); ++i) {
      if (!SameBits(a[c][i], b[c][i])) {
        return "output " + std::to_string(c) + " at bar " + std::to_string(i) + ": " + std::to_string(a[c][i]) +
               " and " + std::to_string(b[c][i]);
      }
    }
  }
  return {};
}

}  // namespace papertape::indicators

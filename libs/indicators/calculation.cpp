#include "libs/indicators/calculation.h"

#include <algorithm>
#include <array>

namespace papertape::indicators {
namespace {

// Bars that are looked at for na and then computed while they are in the cache.
constexpr std::size_t kBlock = 1024;

bool AllFinite(const double* values, std::size_t count) {
  // 0 * x is 0 or -0, or NaN for what is not finite; eight sums that do not wait for each other.
  constexpr std::size_t kLanes = 8;
  std::array<double, kLanes> sums{};
  std::size_t i = 0;
  for (; i + kLanes <= count; i += kLanes) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) sums[lane] += 0.0 * values[i + lane];
  }
  for (; i < count; ++i) sums[0] += 0.0 * values[i];
  double all = 0;
  for (const double sum : sums) all += sum;
  return all == 0;
}

bool AllFinite(const double* const* columns, std::size_t column_count, std::size_t count) {
  return std::all_of(columns, columns + column_count, [&](const double* column) { return AllFinite(column, count); });
}

}  // namespace

Calculation::Calculation(const Indicator& indicator, std::span<const double> parameters) : indicator_(&indicator) {
  const Values values = WithDefaults(indicator, parameters);
  look_back_ = indicator.look_back(values);
  kernel_ = indicator.make(values, look_back_);
  for (std::size_t c = 0; c < indicator.inputs.size(); ++c) recent_.emplace_back(look_back_ + 2, memory_);
}

void Calculation::Reset() { kernel_->Reset(); }

void Calculation::Batch(std::span<const std::span<const double>> inputs, std::span<const std::span<double>> outputs) {
  Reset();
  const std::size_t count = inputs[0].size();
  std::array<const double*, kMaxInputs> in{};
  std::array<double*, kMaxOutputs> out{};
  const auto at = [&](std::size_t bar) {
    for (std::size_t c = 0; c < inputs.size(); ++c) in[c] = inputs[c].data() + bar;
    for (std::size_t c = 0; c < outputs.size(); ++c) out[c] = outputs[c].data() + bar;
  };
  for (std::size_t begin = 0; begin < count; begin += kBlock) {
    const std::size_t length = std::min(kBlock, count - begin);
    at(begin);
    if (AllFinite(in.data(), inputs.size(), length)) {
      kernel_->Run(in.data(), length, out.data());
      continue;
    }
    for (std::size_t bar = begin; bar < begin + length; ++bar) {
      at(bar);
      if (AllFinite(in.data(), inputs.size(), 1)) {
        kernel_->Run(in.data(), 1, out.data());
      } else {
        for (std::size_t c = 0; c < outputs.size(); ++c) *out[c] = kNa;
        kernel_->Reset();
      }
    }
  }
  for (std::size_t c = 0; c < inputs.size(); ++c) {
    for (std::size_t bar = count - std::min(count, look_back_ + 2); bar < count; ++bar) recent_[c].Push(inputs[c][bar]);
  }
}

void Calculation::Push(std::span<const double> inputs, std::span<double> outputs) {
  if (!AllFinite(inputs.data(), inputs.size())) {
    std::fill(outputs.begin(), outputs.end(), kNa);
    Reset();
    return;
  }
  std::array<const double*, kMaxInputs> in{};
  std::array<double*, kMaxOutputs> out{};
  for (std::size_t c = 0; c < inputs.size(); ++c) in[c] = recent_[c].Push(inputs[c]);
  for (std::size_t c = 0; c < outputs.size(); ++c) out[c] = &outputs[c];
  kernel_->Run(in.data(), 1, out.data());
}

}  // namespace papertape::indicators

#include "libs/indicators/calculation.h"

#include <algorithm>
#include <array>

namespace papertape::indicators {

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
  for (std::size_t bar = 0; bar < count; ++bar) {
    at(bar);
    bar += kernel_->Run(in.data(), count - bar, out.data());
    if (bar == count) break;
    for (const std::span<double> output : outputs) output[bar] = kNa;
    Reset();
  }
  for (std::size_t c = 0; c < inputs.size(); ++c) {
    for (std::size_t bar = count - std::min(count, look_back_ + 2); bar < count; ++bar) recent_[c].Push(inputs[c][bar]);
  }
}

void Calculation::Push(std::span<const double> inputs, std::span<double> outputs) {
  std::array<const double*, kMaxInputs> in{};
  std::array<double*, kMaxOutputs> out{};
  for (std::size_t c = 0; c < inputs.size(); ++c) in[c] = recent_[c].Push(inputs[c]).pointer();
  for (std::size_t c = 0; c < outputs.size(); ++c) out[c] = &outputs[c];
  if (kernel_->Run(in.data(), 1, out.data()) == 1) return;
  std::fill(outputs.begin(), outputs.end(), kNa);
  Reset();
}

}  // namespace papertape::indicators

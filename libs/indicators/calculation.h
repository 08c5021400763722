// One indicator with its parameters, on its way over bars: whole columns at once (`Batch`), or bar by bar (`Push`), bit
// for bit the same. All memory is taken when it is made. Not thread-safe; movable.
//
// A bar with an input that is NaN or infinite answers na, and the indicator starts anew behind it.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "libs/indicators/indicator.h"
#include "libs/indicators/kernel.h"
#include "libs/indicators/window.h"

namespace papertape::indicators {

class Calculation {
 public:
  // `indicator` outlives it; `parameters` as FaultOf accepts them.
  explicit Calculation(const Indicator& indicator, std::span<const double> parameters = {});

  [[nodiscard]] const Indicator& indicator() const { return *indicator_; }
  [[nodiscard]] std::size_t look_back() const { return look_back_; }

  // Forgets all bars, then runs over whole columns: one for each input and output of the indicator, all of one length,
  // outputs apart from each other and from the inputs. `Push` goes on behind the last bar.
  void Batch(std::span<const std::span<const double>> inputs, std::span<const std::span<double>> outputs);

  // One bar: a number for each input and each output.
  void Push(std::span<const double> inputs, std::span<double> outputs);

  void Reset();

 private:
  const Indicator* indicator_;
  std::size_t look_back_;
  std::unique_ptr<Kernel> kernel_;
  Memory memory_;
  std::vector<Window> recent_;  // for each input, what `Step` may look back on; used by Push
};

}  // namespace papertape::indicators

// How an indicator runs. Each is a trivially copyable struct, an `Algorithm`:
//
//   struct Sma {
//     static constexpr std::size_t kInputs = 1, kOutputs = 1;
//     Sma(const Values& parameters, Memory& memory);
//     template <bool kFull> void Step(const Bar<1>& bar, Out<1>& out);
//   };
//
// Step<false> serves the first look_back + 1 bars: stages fill, and `out`, which comes as na, is set once all are full.
// Step<true> serves the bars after them and need not ask. Neither allocates.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <type_traits>
#include <utility>
#include <vector>

#include "libs/indicators/indicator.h"

// Inlining is what turns an algorithm's stages into one loop over registers. All that a full step calls must have it:
// once the address of an algorithm is passed on, outputs might overlap it, and every bar would go through memory.
#define PT_INLINE [[gnu::always_inline]] inline

namespace papertape::indicators {

// bar[c] points at input c of the new bar; the bars before it lie before it, as many as have been seen, at most
// look_back + 1.
template <std::size_t kCount>
using Bar = std::array<const double*, kCount>;
template <std::size_t kCount>
using Out = std::array<double, kCount>;

// Doubles for an algorithm, taken while it is made and never given back; the algorithm itself holds bare pointers.
class Memory {
 public:
  double* Take(std::size_t count) { return blocks_.emplace_back(std::make_unique<double[]>(count)).get(); }

 private:
  std::vector<std::unique_ptr<double[]>> blocks_;
};

// An algorithm on its way over bars. Not thread-safe. `Run` continues where the last one ended: before inputs[c][0] lie
// the bars it has seen. Inputs are finite; outputs overlap neither each other nor inputs.
class Kernel {
 public:
  Kernel() = default;
  Kernel(const Kernel&) = delete;
  Kernel& operator=(const Kernel&) = delete;
  virtual ~Kernel() = default;
  virtual void Reset() = 0;
  virtual void Run(const double* const* inputs, std::size_t count, double* const* outputs) = 0;
};

template <class Algorithm>
class KernelOf final : public Kernel {
  static_assert(std::is_trivially_copyable_v<Algorithm>);
  static constexpr std::size_t kInputs = Algorithm::kInputs;
  static constexpr std::size_t kOutputs = Algorithm::kOutputs;

 public:
  KernelOf(const Values& parameters, std::size_t look_back)
      : initial_(parameters, memory_), now_(initial_), filling_(look_back + 1), look_back_(look_back) {}

  void Reset() override {
    now_ = initial_;
    filling_ = look_back_ + 1;
  }

  void Run(const double* const* inputs, std::size_t count, double* const* outputs) override {
    Algorithm algorithm = now_;  // a local, so that its fields can be registers
    std::size_t i = 0;
    for (; i < count && filling_ > 0; ++i, --filling_) StepAt<false>(algorithm, inputs, i, outputs);
    RunFull(algorithm, inputs, i, count, outputs);
    now_ = algorithm;
  }

 private:
  template <bool kFull>
  PT_INLINE static void StepAt(Algorithm& algorithm, const double* const* inputs, std::size_t i,
                               double* const* outputs) {
    Bar<kInputs> bar;
    for (std::size_t c = 0; c < kInputs; ++c) bar[c] = inputs[c] + i;
    Out<kOutputs> out;
    if constexpr (!kFull) out.fill(kNa);
    algorithm.template Step<kFull>(bar, out);
    for (std::size_t c = 0; c < kOutputs; ++c) outputs[c][i] = out[c];
  }

  PT_INLINE static void RunFull(Algorithm& algorithm, const double* const* inputs, std::size_t from, std::size_t count,
                                double* const* outputs) {
    const double* in[kInputs];
    double* to[kOutputs];
    for (std::size_t c = 0; c < kInputs; ++c) in[c] = inputs[c];
    for (std::size_t c = 0; c < kOutputs; ++c) to[c] = outputs[c];
#ifndef __clang__
#pragma GCC ivdep
#endif
    for (std::size_t i = from; i < count; ++i) StepAt<true>(algorithm, in, i, to);
  }

  Memory memory_;
  Algorithm initial_;
  Algorithm now_;
  std::size_t filling_;  // bars that Step<false> still serves
  std::size_t look_back_;
};

template <class Algorithm>
std::unique_ptr<Kernel> Make(const Values& parameters, std::size_t look_back) {
  return std::make_unique<KernelOf<Algorithm>>(parameters, look_back);
}

// A whole parameter.
inline std::size_t Whole(double value) { return static_cast<std::size_t>(value); }

inline constexpr double kEpsilon = 1e-14;  // TA-Lib 0.4 takes less than this for nothing
PT_INLINE bool IsZero(double value) { return -kEpsilon < value && value < kEpsilon; }

}  // namespace papertape::indicators

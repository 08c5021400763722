// How an indicator runs. Each is a trivially copyable struct, an `Algorithm`:
//
//   struct Sma {
//     static constexpr std::size_t kInputs = 1, kOutputs = 1;
//     Sma(const Values& parameters, Memory& memory);
//     template <bool kFull, class V> void Step(const Bar<V, 1>& bar, Out<V, 1>& out);
//   };
//
// Step<false> serves the first look_back + 1 bars, one by one: stages fill, and `out`, which comes as na, is set once
// all are full. Step<true> serves the bars after them and need not ask: in a batch a group of bars at once (V is Pack),
// in a stream, and at the ends of a batch, one by one (V is double), with the same bits. Neither allocates.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <type_traits>
#include <utility>
#include <vector>

#include "libs/indicators/indicator.h"
#include "libs/indicators/number.h"

namespace papertape::indicators {

// bar[c] is input c at the new bar; as many bars lie before it as have been seen, at most look_back + 1.
template <class V, std::size_t kCount>
using Bar = std::array<Series<V>, kCount>;
template <class V, std::size_t kCount>
using Out = std::array<V, kCount>;

// Doubles for an algorithm, taken while it is made and never given back; the algorithm itself holds bare pointers.
class Memory {
 public:
  double* Take(std::size_t count) { return blocks_.emplace_back(std::make_unique<double[]>(count)).get(); }

 private:
  std::vector<std::unique_ptr<double[]>> blocks_;
};

// An algorithm on its way over bars. Not thread-safe. `Run` continues where the last one ended: before inputs[c][0] lie
// the bars it has seen. It stops before a bar with an input that is NaN or infinite, and answers how many bars it did.
// Outputs overlap neither each other nor inputs.
class Kernel {
 public:
  Kernel() = default;
  Kernel(const Kernel&) = delete;
  Kernel& operator=(const Kernel&) = delete;
  virtual ~Kernel() = default;
  virtual void Reset() = 0;
  virtual std::size_t Run(const double* const* inputs, std::size_t count, double* const* outputs) = 0;
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
    in_group_ = 0;
  }

  std::size_t Run(const double* const* inputs, std::size_t count, double* const* outputs) override {
    std::size_t i = 0;
    for (; i < count && filling_ > 0; ++i, --filling_) {
      if (!StepAt<false, double>(now_, inputs, i, outputs)) return i;
    }
    for (; i < count && in_group_ > 0; ++i) {
      if (!StepAlone(inputs, i, outputs)) return i;
    }
    i += RunGroups(inputs, i, (count - i) / kGroup, outputs);
    for (; i < count; ++i) {
      if (!StepAlone(inputs, i, outputs)) return i;
    }
    return i;
  }

 private:
  // False, and nothing is done, when an input is not finite.
  template <bool kFull, class V>
  PT_INLINE static bool StepAt(Algorithm& algorithm, const double* const* inputs, std::size_t i,
                               double* const* outputs) {
    Bar<V, kInputs> bar;
    Finiteness<V> finite;
    for (std::size_t c = 0; c < kInputs; ++c) {
      bar[c] = Series<V>(inputs[c] + i);
      finite.Look(*bar[c]);
    }
    if (!finite.all()) [[unlikely]]
      return false;
    Out<V, kOutputs> out{};
    if constexpr (!kFull) out.fill(kNa);
    algorithm.template Step<kFull>(bar, out);
    for (std::size_t c = 0; c < kOutputs; ++c) Store<V>(out[c], outputs[c] + i);
    return true;
  }

  bool StepAlone(const double* const* inputs, std::size_t i, double* const* outputs) {
    if (!StepAt<true, double>(now_, inputs, i, outputs)) return false;
    in_group_ = (in_group_ + 1) % kGroup;
    return true;
  }

  // Runs up to the first group with an input that is not finite. Answers how many bars it did.
  std::size_t RunGroups(const double* const* inputs, std::size_t from, std::size_t groups, double* const* outputs) {
#if defined(__x86_64__)
    static const bool wide = __builtin_cpu_supports("avx2");
    if (wide) return RunWide(inputs, from, groups, outputs);
#endif
    return RunAnywhere(inputs, from, groups, outputs);
  }
#if defined(__x86_64__)
  // The same compiled for processors with 256-bit registers. There is no fused multiply-add in it, so the bits are
  // those of any other machine.
  [[gnu::target("avx2")]] std::size_t RunWide(const double* const* inputs, std::size_t from, std::size_t groups,
                                              double* const* outputs) {
    return RunAnywhere(inputs, from, groups, outputs);
  }
#endif
  PT_INLINE std::size_t RunAnywhere(const double* const* inputs, std::size_t from, std::size_t groups,
                                    double* const* outputs) {
    Algorithm algorithm = now_;  // copies on the stack, so that they can be registers
    const double* in[kInputs];
    double* to[kOutputs];
    for (std::size_t c = 0; c < kInputs; ++c) in[c] = inputs[c] + from;
    for (std::size_t c = 0; c < kOutputs; ++c) to[c] = outputs[c] + from;
    std::size_t i = 0;
    for (; i < groups * kGroup; i += kGroup) {
      if (!StepAt<true, Pack>(algorithm, in, i, to)) break;
    }
    now_ = algorithm;
    return i;
  }

  Memory memory_;
  Algorithm initial_;
  Algorithm now_;
  std::size_t filling_;       // bars that Step<false> still serves
  std::size_t in_group_ = 0;  // bars of an unfinished group
  std::size_t look_back_;
};

template <class Algorithm>
std::unique_ptr<Kernel> Make(const Values& parameters, std::size_t look_back) {
  return std::make_unique<KernelOf<Algorithm>>(parameters, look_back);
}

// A whole parameter.
inline std::size_t Whole(double value) { return static_cast<std::size_t>(value); }

}  // namespace papertape::indicators

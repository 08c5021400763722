// The indicators that TA-Lib has too, with the parameters of the golden file, and how TA-Lib's function is called.
// Pointers are borrowed from the caller; used by one thread.
#pragma once

#include <array>
#include <vector>

namespace papertape::bench {

struct BenchBars {
  std::vector<double> open, high, low, close, volume, second;
};

// A call of TA_NAME(first, last, inputs and parameters.., &begin, &count, outputs..).
struct TalibCall {
  void* function = nullptr;
  int last = 0;
  int begin = 0;
  int count = 0;
  std::array<double*, 3> out{};

  // `with` are its inputs (const double*) and parameters (int or double), in its order.
  template <class... With>
  void One(With... with) {
    reinterpret_cast<int (*)(int, int, With..., int*, int*, double*)>(function)(0, last, with..., &begin, &count,
                                                                                out[0]);
  }
  template <class... With>
  void Two(With... with) {
    reinterpret_cast<int (*)(int, int, With..., int*, int*, double*, double*)>(function)(0, last, with..., &begin,
                                                                                         &count, out[0], out[1]);
  }
  template <class... With>
  void Three(With... with) {
    reinterpret_cast<int (*)(int, int, With..., int*, int*, double*, double*, double*)>(function)(
        0, last, with..., &begin, &count, out[0], out[1], out[2]);
  }
};

struct TalibCase {
  const char* name;       // "golden." first when its column is in the golden file
  const char* indicator;  // ours
  std::vector<double> parameters;
  void (*call)(TalibCall&, const BenchBars&);
};

const std::vector<TalibCase>& TalibCases();

}  // namespace papertape::bench

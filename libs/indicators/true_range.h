// The true range of a bar, as a stage of algorithms.
#pragma once

#include <algorithm>
#include <cmath>

#include "libs/indicators/kernel.h"

namespace papertape::indicators {

// The largest of high - low, |high - close before|, |low - close before|.
PT_INLINE double TrueRange(double high, double low, double close_before) {
  const double range = high - low;
  const double up = std::fabs(high - close_before);
  const double down = std::fabs(low - close_before);
  const double larger = up > range ? up : range;
  return down > larger ? down : larger;
}

}  // namespace papertape::indicators

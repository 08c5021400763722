// The true range of a bar, as a stage of algorithms.
#pragma once

#include "libs/indicators/kernel.h"

namespace papertape::indicators {

// The largest of high - low, |high - close before|, |low - close before|.
template <class V>
PT_INLINE V TrueRange(V high, V low, V close_before) {
  return Max(Abs(low - close_before), Max(Abs(high - close_before), high - low));
}

}  // namespace papertape::indicators

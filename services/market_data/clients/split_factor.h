// A split told as one number: 4 is 4 for 1, 0.333333 is 1 for 3. Pure.
#pragma once

#include <cstdint>

#include "services/market_data/domain/corporate_action.h"

namespace papertape::market {

// The fraction with the smallest denominator (up to 1,000) that `factor_micros` rounds; the factor itself over a
// million when there is none. `factor_micros` is positive.
Split SplitOfFactor(std::int64_t factor_micros);

}  // namespace papertape::market

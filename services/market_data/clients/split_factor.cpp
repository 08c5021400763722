#include "services/market_data/clients/split_factor.h"

#include <cstdlib>

#include "libs/status/status.h"

namespace papertape::market {

Split SplitOfFactor(std::int64_t factor_micros) {
  constexpr std::int64_t kMostDenominator = 1'000;
  for (std::int64_t denominator = 1; denominator <= kMostDenominator; ++denominator) {
    const absl::StatusOr<std::int64_t> numerator =
        MulDiv(factor_micros, denominator, kMicrosPerUnit, Rounding::kHalfEven);
    if (!numerator.ok() || *numerator == 0) continue;
    const absl::StatusOr<std::int64_t> back = MulDiv(*numerator, kMicrosPerUnit, denominator, Rounding::kHalfEven);
    // One millionth off: such factors are cut off as often as they are rounded.
    if (back.ok() && std::abs(*back - factor_micros) <= 1) {
      return {.numerator = Quantity::FromUnits(*numerator), .denominator = Quantity::FromUnits(denominator)};
    }
  }
  return {.numerator = Quantity::FromMicros(factor_micros), .denominator = Quantity::FromUnits(1)};
}

}  // namespace papertape::market

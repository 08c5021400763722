// At what price a market order fills: the touch, and what the order itself moves.
//
//   none            the touch: a buy pays the ask, a sell gets the bid; where there is none, the last price
//   bps:N           N basis points of the touch worse
//   volume_share    min(quantity / volume, 2.5 %)^2 * 0.1 of the touch worse (LEAN's VolumeShareSlippageModel); where
//   the
//                   volume is not known, as if the order were 2.5 % of it
//   impact[:DAYS]   worse by sigma * (0.314 / 2 * x * (200)^(1/4) + 0.142 * (x / DAYS)^(3/5)), x = quantity / daily
//   volume,
//                   sigma = daily volatility (Almgren, Thum, Hauptmann, Li: Direct Estimation of Equity Market Impact,
//                   2005; 200 days' volume are taken for the shares outstanding). DAYS is how long the order takes, 0.1
//                   when absent. Where volume or volatility are not known: x = 2.5 %, sigma = 2 %
#pragma once

#include <string_view>

#include "absl/status/statusor.h"
#include "libs/execution/fill.h"

namespace papertape::execution {

struct SlippageModel {
  enum class Kind { kNone, kBasisPoints, kVolumeShare, kImpact };
  Kind kind = Kind::kNone;
  std::int64_t rate = 0;  // of kRateUnit, for kBasisPoints
  double days = 0.1;      // for kImpact
};

// INVALID_ARGUMENT for what is none of the above, or more than 1,000 basis points.
absl::StatusOr<SlippageModel> ParseSlippage(std::string_view text);
// Whether the model looks at volumes.
[[nodiscard]] bool NeedsVolume(const SlippageModel& model);

// The ask for a buy, the bid for a sell, the last price where the market names neither.
Price Touch(const Market& market, Side side);

// The price of the fill; never better than the touch, and more than 0. AMOUNT_OUT_OF_RANGE.
absl::StatusOr<Price> FillPrice(const SlippageModel& model, const Market& market, Side side, Quantity quantity);

}  // namespace papertape::execution

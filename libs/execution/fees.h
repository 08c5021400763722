// What a fill costs beside its price.
//
//   none
//   per_share:FEE[:MINIMUM[:PERCENT]]  FEE a share, MINIMUM a fill at least, PERCENT of its value at most, which counts
//   more
//                                      (US retail: per_share:0.005:1:1)
//   percent:PERCENT                    of the value
//   india_delivery[:PERCENT:CAP]       a discount broker at the NSE, shares kept overnight: brokerage (0 when absent),
//   STT, india_intraday[:PERCENT:CAP]       exchange and SEBI charges, GST on these, stamp duty; intraday, shares sold
//   on the
//                                      day: brokerage 0.03 %, 20 at most, when absent. Rates of the fill's day
//                                      (india_rates.h)
//
// Every line is rounded up to the next millionth: a fee is never less than the rate says.
#pragma once

#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "libs/execution/fill.h"

namespace papertape::execution {

struct FeeModel {
  enum class Kind { kNone, kPerShare, kPercent, kIndiaDelivery, kIndiaIntraday };
  Kind kind = Kind::kNone;
  Money per_share;
  Money minimum;
  std::int64_t rate = 0;  // of kRateUnit: of the value, at most for kPerShare (0: no limit), or the brokerage
  Money cap;              // of the brokerage; 0: none
};

// INVALID_ARGUMENT for what is none of the above.
absl::StatusOr<FeeModel> ParseFees(std::string_view text);

struct FeeLine {
  std::string_view name;  // "commission", "brokerage", "stt", "exchange", "sebi", "gst", "stamp_duty"
  Money amount;           // more than 0
};

struct Fees {
  Money total;
  std::vector<FeeLine> lines;  // sum to the total
};

// AMOUNT_OUT_OF_RANGE when a product leaves the exact range.
absl::StatusOr<Fees> FeesOf(const FeeModel& model, const Fill& fill);

}  // namespace papertape::execution

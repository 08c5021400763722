// What a position holds of the account's money, and how low its equity may fall before it is called.
//
//   flat:PERCENT  of the value when it is opened, long or short, and never called
//   reg_t         the Federal Reserve's Regulation T: 50 % to open, 30 % of the value afterwards
//   cash          the whole value; nothing can be sold short
#pragma once

#include <string_view>

#include "absl/status/statusor.h"
#include "libs/execution/fill.h"

namespace papertape::execution {

struct MarginModel {
  std::int64_t initial = 20 * kOnePercent;  // of kRateUnit
  std::int64_t maintenance = 0;             // 0: no calls
  bool shorts = true;
};

// INVALID_ARGUMENT for what is none of the above, or a percentage outside 0 (exclusive) to 100.
absl::StatusOr<MarginModel> ParseMargin(std::string_view text);

// Rounded up to the next millionth. AMOUNT_OUT_OF_RANGE.
absl::StatusOr<Money> InitialMargin(const MarginModel& model, Price price, Quantity quantity);
absl::StatusOr<Money> MaintenanceMargin(const MarginModel& model, Price price, Quantity quantity);

}  // namespace papertape::execution

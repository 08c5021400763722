// Monthly closes (`symbol,date,price`, dates as "Jan 1 2000"), from which the simulator takes what it starts from: the
// last close as the price that a symbol reverts to, and the months' returns as its volatility. Pure.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "libs/money/money.h"

namespace papertape::market {

struct Anchor {
  Price last_close;
  double daily_volatility = 0;  // of the monthly logarithmic returns, over 21 trading days; 0 for fewer than 3 months
};

// By symbol; lines of one symbol follow each other in time. INVALID_ARGUMENT names the first wrong line.
absl::StatusOr<std::map<std::string, Anchor>> ParseMonthlyAnchors(std::string_view text);

}  // namespace papertape::market

// Values what a caller holds. A symbol whose live price cannot be had is valued at the newest price that the trade
// engine knows, as a stale one; with neither it has no value.
#pragma once

#include <vector>

#include "absl/status/statusor.h"
#include "services/portfolio/domain/ports.h"
#include "services/portfolio/domain/valuation.h"

namespace papertape::portfolio {

// Newest first. Each symbol is asked for once.
absl::StatusOr<std::vector<Position>> CurrentPositions(Books& books);
// The day's gain counts from the midnight, UTC, before the market's time.
absl::StatusOr<Stats> CurrentStats(Books& books);

}  // namespace papertape::portfolio

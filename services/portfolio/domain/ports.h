// What the domain needs of the world.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "services/portfolio/domain/valuation.h"

namespace papertape::portfolio {

// What other services say to one caller, for the time of one call. Not thread-safe.
class Books {
 public:
  virtual ~Books() = default;
  // All of the caller's open trades, newest first. UNAVAILABLE, with the time to wait, while the trade engine is away.
  virtual absl::StatusOr<std::vector<OpenTrade>> OpenTrades() = 0;
  // All of the caller's trades that were closed at `since` or later. UNAVAILABLE as above.
  virtual absl::StatusOr<std::vector<ClosedTrade>> ClosedTrades(Timestamp since) = 0;
  // The caller's paper account; nothing before it was opened. UNAVAILABLE as above.
  virtual absl::StatusOr<std::optional<Account>> PaperAccount() = 0;
  // What time it is in the market that all of this is of: the live one, or one that is replayed. UNAVAILABLE as above.
  virtual absl::StatusOr<Timestamp> MarketTime() = 0;
  // The newest quote; nothing for a symbol without one. UNAVAILABLE or DEADLINE_EXCEEDED while there is nobody to ask.
  virtual absl::StatusOr<std::optional<LivePrice>> PriceOf(const std::string& symbol) = 0;
};

}  // namespace papertape::portfolio

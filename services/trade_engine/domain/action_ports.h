// What corporate actions need of the outside world.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "services/trade_engine/domain/corporate_action.h"
#include "services/trade_engine/domain/types.h"

namespace papertape::trade_engine {

class ActionArchive {
 public:
  virtual ~ActionArchive() = default;
  // Those of one session that have been applied to the trades that were open, and whose last debts have not been paid.
  virtual absl::StatusOr<std::vector<CorporateAction>> Unsettled(std::int64_t session) = 0;
  // Trades that were open when the action's ex-date began, were closed at a price from after that, and were not
  // adjusted by it. Oldest first.
  virtual absl::StatusOr<std::vector<Trade>> ClosedAcross(const CorporateAction& action) = 0;
  // What was done to one trade, in order.
  virtual absl::StatusOr<std::vector<Adjustment>> AdjustmentsOf(std::int64_t session, std::int64_t user_id,
                                                                const std::string& trade_id) = 0;
};

}  // namespace papertape::trade_engine

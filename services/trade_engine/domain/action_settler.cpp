#include "services/trade_engine/domain/action_settler.h"

#include "libs/status/status.h"

namespace papertape::trade_engine {
namespace {

constexpr std::chrono::milliseconds kLookEvery{1'000};

}  // namespace

absl::StatusOr<std::chrono::milliseconds> ActionSettler::Step() {
  PT_ASSIGN_OR_RETURN(const std::vector<CorporateAction> unsettled, archive_.Unsettled(session_()));
  for (const CorporateAction& action : unsettled) {
    PT_ASSIGN_OR_RETURN(std::vector<Trade> closed, archive_.ClosedAcross(action));
    PT_RETURN_IF_ERROR(settle_({.action = action, .trades = std::move(closed)}).status());
  }
  return kLookEvery;
}

}  // namespace papertape::trade_engine

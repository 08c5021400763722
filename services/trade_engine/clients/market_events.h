// What market_data publishes on `events.market`, as far as positions care.
#pragma once

#include <optional>

#include "absl/status/statusor.h"
#include "libs/events/events.h"
#include "services/trade_engine/domain/corporate_action.h"

namespace papertape::trade_engine {

// Nothing for an event of a kind that this version does not know; INVALID_ARGUMENT for one that makes no sense.
absl::StatusOr<std::optional<CorporateAction>> ReadMarketEvent(const events::Event& event);

}  // namespace papertape::trade_engine

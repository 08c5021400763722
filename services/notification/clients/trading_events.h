// The trade engine's events, as news. Pure.
#pragma once

#include <optional>

#include "absl/status/statusor.h"
#include "libs/events/events.h"
#include "services/notification/domain/feed.h"
#include "services/notification/domain/trading_news.h"

namespace papertape::notification {

// Nothing for a type or kind of event that this version does not tell; INVALID_ARGUMENT when the payload cannot be
// read or lacks its trade.
absl::StatusOr<std::optional<TradingNews>> ReadTradingEvent(const events::Event& event);

// The same in words.
absl::StatusOr<std::optional<Draft>> TellTradingEvent(const events::Event& event);

}  // namespace papertape::notification

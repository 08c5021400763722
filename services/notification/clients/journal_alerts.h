// What the trading journal's watch says, as entries of the feed. Pure.
#pragma once

#include <optional>

#include "absl/status/statusor.h"
#include "libs/events/events.h"
#include "services/notification/domain/feed.h"

namespace papertape::notification {

// Nothing for a type of event that this version does not tell; INVALID_ARGUMENT when the payload cannot be read.
absl::StatusOr<std::optional<Draft>> TellJournalAlert(const events::Event& event);

}  // namespace papertape::notification

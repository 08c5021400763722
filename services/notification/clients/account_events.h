// Auth's events, as news. Pure.
#pragma once

#include <optional>

#include "absl/status/statusor.h"
#include "libs/events/events.h"
#include "services/notification/domain/account_news.h"
#include "services/notification/domain/feed.h"

namespace papertape::notification {

// Nothing for a type or kind of event that the feed does not tell; INVALID_ARGUMENT when the payload cannot be read.
absl::StatusOr<std::optional<AccountNews>> ReadAccountEvent(const events::Event& event);
// The same in words.
absl::StatusOr<std::optional<Draft>> TellAccountEvent(const events::Event& event);

}  // namespace papertape::notification

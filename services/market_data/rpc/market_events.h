// What market_data publishes, as messages.
#pragma once

#include <string>

#include "services/market_data/domain/corporate_action.h"

namespace papertape::market {

// Full name of the message that an event carries.
std::string MarketEventType();
// The MarketEvent of an announcement, serialized for the outbox.
std::string EncodeMarketEvent(const Announcement& announcement);

}  // namespace papertape::market

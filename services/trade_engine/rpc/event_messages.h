// The event log's payload: TradingEvent <-> an event with all that it brought about. What is published is what is
// kept, so every row of the engine's tables can be made again from it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "services/trade_engine/domain/event_log.h"

namespace papertape::trade_engine {

// Full name of the payload's message.
std::string EventType();
// Serialized.
std::string EncodeEvent(std::int64_t session, const EventView& view);

}  // namespace papertape::trade_engine

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
// What `EncodeEvent` was given, but for what the log keeps beside the payload: id, request id, cause, and the time,
// which is also that of the transfers and the order. INTERNAL when the bytes are no such message.
absl::StatusOr<EventRecord> DecodeEvent(std::string_view payload);

}  // namespace papertape::trade_engine

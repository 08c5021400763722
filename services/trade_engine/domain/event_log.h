// The event log: every change of every account is one event, numbered within its account and chained to the one before
// by a SHA-256, so that an edited, dropped or swapped event is found. What is hashed is defined here and nowhere else:
//
//   hash = SHA-256(hash of the account's event before, 32 bytes, or none for its first || canonical bytes)
//
// Canonical bytes, version 1: ASCII numbers in decimal, texts and payload as they are, each behind its length in bytes.
//
//   papertape event 1\n
//   <session> <user id> <number in the account> <microseconds since 1970>\n
//   <length>:<id><length>:<type><length>:<request id><length>:<cause><length>:<payload>
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "services/trade_engine/domain/batch.h"
#include "services/trade_engine/domain/types.h"

namespace papertape::trade_engine {

// An event as it is stored, but for its hash. Views: whoever makes one keeps what they show.
struct LoggedEvent {
  std::int64_t session = 0;  // of the market; 0 is the live one
  std::int64_t user_id = 0;
  std::int64_t account_seq = 0;
  std::string_view id;
  std::string_view type;  // full name of the payload's message
  Timestamp time;
  std::string_view request_id;  // correlation: the call that set it off; empty where nobody asked
  std::string_view cause;       // causation: what it follows from at once (Event::cause)
  std::string_view payload;
};

std::string CanonicalBytes(const LoggedEvent& event);

// Causes of what no request and no tick set off.
inline constexpr std::string_view kLogBegins = "log begins";         // the account is older than the log
inline constexpr std::string_view kBeforeTheLog = "before the log";  // it only waited to be published

// An event of a batch with the rows that it brought about there.
struct EventView {
  const Event& event;
  std::span<const Transfer> transfers;
  const Order* order = nullptr;  // null where nothing was filled
};
// All of a batch, in order.
std::vector<EventView> EventsOf(const Batch& batch);

// The same, read back: enough to make every row again.
struct EventRecord {
  Event event;
  std::vector<Transfer> transfers;
  std::optional<Order> order;
};

}  // namespace papertape::trade_engine

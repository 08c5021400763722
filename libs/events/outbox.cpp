#include <charconv>

#include "libs/events/events.h"
#include "libs/status/status.h"

namespace papertape::events {
namespace {

constexpr std::size_t kRowLength = 512;  // of an event, about

absl::StatusOr<std::int64_t> ToUserId(const std::string& text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return InvalidField("user_id", "must be an integer");
  return number;
}

}  // namespace

absl::StatusOr<Event> EventOf(const redis::StreamEntry& entry) {
  Violations violations;
  const auto field = [&](std::string_view name) {
    const std::string* value = entry.Find(name);
    violations.Check(value != nullptr, name, "is missing");
    return value == nullptr ? std::string() : *value;
  };
  Event event{.id = field("id"),
              .type = field("type"),
              .user_id = 0,
              .time = {},
              .request_id = field("request_id"),
              .payload = field("payload")};
  const std::string user_id = field("user_id");
  const std::string time = field("time");
  PT_RETURN_IF_ERROR(violations.ToStatus());
  PT_ASSIGN_OR_RETURN(event.user_id, ToUserId(user_id));
  PT_ASSIGN_OR_RETURN(event.time, ParseRfc3339(time));
  return event;
}

redis::Command AddCommand(std::string_view stream, std::int64_t stream_length, const Event& event) {
  return {"XADD",
          std::string(stream),
          "MAXLEN",
          "~",
          std::to_string(stream_length),
          "*",
          "id",
          event.id,
          "type",
          event.type,
          "user_id",
          std::to_string(event.user_id),
          "time",
          FormatRfc3339(event.time),
          "request_id",
          event.request_id,
          "payload",
          event.payload};
}

void AppendToOutbox(pg::Transaction& transaction, const std::vector<Event>& events, std::string_view table) {
  if (events.empty()) return;
  pg::CopyRows rows;
  rows.Reserve(events.size() * kRowLength);
  for (const Event& event : events) {
    rows.Add(event.id, event.type, event.user_id, event.time, event.request_id, pg::Bytea{event.payload});
  }
  transaction.CopyBinary({{std::string(table) + " (id, type, user_id, time, request_id, payload)", rows}});
}

}  // namespace papertape::events

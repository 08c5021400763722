// The id of a Redis stream's entry, "<milliseconds>-<sequence>", in its order.
#pragma once

#include <charconv>
#include <compare>
#include <cstdint>
#include <string_view>

namespace papertape::events {

struct StreamId {
  std::uint64_t milliseconds = 0;
  std::uint64_t sequence = 0;
  friend auto operator<=>(const StreamId&, const StreamId&) = default;
};

// What Redis itself printed; anything else reads as the lowest id.
inline StreamId ParseStreamId(std::string_view text) {
  StreamId id;
  const char* const end = text.data() + text.size();
  const auto [dash, error] = std::from_chars(text.data(), end, id.milliseconds);
  if (error != std::errc() || dash == end) return {};
  std::from_chars(dash + 1, end, id.sequence);
  return id;
}

}  // namespace papertape::events

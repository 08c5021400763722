#include "services/market_data/domain/bar_cursor.h"

#include <charconv>
#include <cstdint>

#include "fmt/format.h"
#include "services/market_data/domain/noise.h"

namespace papertape::market {
namespace {

constexpr std::size_t kDigits = 16;

// Sixteen hexadecimal digits each: the list's fingerprint, the position.
std::uint64_t Fingerprint(std::string_view symbol, Interval interval) {
  return Noise(0).For("bars").For(IntervalName(interval)).For(symbol).Bits(0);
}

std::optional<std::uint64_t> ReadHex(std::string_view digits) {
  std::uint64_t value = 0;
  const char* const end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, value, 16);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return value;
}

}  // namespace

std::string MakeBarCursor(std::string_view symbol, Interval interval, Timestamp position) {
  return fmt::format("{:016x}{:016x}", Fingerprint(symbol, interval),
                     static_cast<std::uint64_t>(MicrosSinceEpoch(position)));
}

std::optional<Timestamp> ReadBarCursor(std::string_view cursor, std::string_view symbol, Interval interval) {
  if (cursor.size() != 2 * kDigits) return std::nullopt;
  if (ReadHex(cursor.substr(0, kDigits)) != Fingerprint(symbol, interval)) return std::nullopt;
  const std::optional<std::uint64_t> position = ReadHex(cursor.substr(kDigits));
  if (!position) return std::nullopt;
  return FromMicrosSinceEpoch(static_cast<std::int64_t>(*position));
}

}  // namespace papertape::market

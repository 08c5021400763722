#include "services/market_data/clients/wire_amount.h"

#include <charconv>
#include <cstdint>

namespace papertape::market {
namespace {

constexpr int kPlaces = 6;
constexpr std::int64_t kMost = INT64_MAX;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Digits of a number, and the power of ten of the last of them.
struct Digits {
  bool negative = false;
  std::int64_t value = 0;
  int power = 0;
  int half = -1;      // the first digit that found no place any more: below, at or above one half
  bool more = false;  // something other than zero followed it
};

// Takes one digit; those past what fits are remembered for rounding only.
void Take(Digits& digits, int digit, bool fraction) {
  constexpr std::int64_t kRoom = (kMost - 9) / 10;
  if (digits.half < 0 && digits.value <= kRoom) {
    digits.value = digits.value * 10 + digit;
    if (fraction) --digits.power;
    return;
  }
  if (!fraction) ++digits.power;
  if (digits.half < 0) {
    digits.half = digit;
  } else {
    digits.more = digits.more || digit != 0;
  }
}

std::optional<Digits> ReadDigits(std::string_view text) {
  Digits digits;
  std::size_t at = 0;
  if (at < text.size() && (text[at] == '-' || text[at] == '+')) digits.negative = text[at++] == '-';
  bool any = false;
  for (; at < text.size() && IsDigit(text[at]); ++at, any = true) Take(digits, text[at] - '0', false);
  if (at < text.size() && text[at] == '.') {
    for (++at; at < text.size() && IsDigit(text[at]); ++at, any = true) Take(digits, text[at] - '0', true);
  }
  if (!any) return std::nullopt;
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    if (++at < text.size() && text[at] == '+') ++at;
    int exponent = 0;
    const auto read = std::from_chars(text.data() + at, text.data() + text.size(), exponent);
    constexpr int kSaneExponent = 1'000;
    if (read.ec != std::errc() || exponent > kSaneExponent || exponent < -kSaneExponent) return std::nullopt;
    at = static_cast<std::size_t>(read.ptr - text.data());
    digits.power += exponent;
  }
  return at == text.size() ? std::optional(digits) : std::nullopt;
}

// Drops the last digit, keeping how it rounds.
void DropDigit(Digits& digits) {
  digits.more = digits.more || digits.half > 0;
  digits.half = static_cast<int>(digits.value % 10);
  digits.value /= 10;
  ++digits.power;
}

}  // namespace

std::optional<std::int64_t> NearestMicros(std::string_view text) {
  std::optional<Digits> digits = ReadDigits(text);
  if (!digits) return std::nullopt;
  while (digits->power < -kPlaces && (digits->value != 0 || digits->half > 0)) DropDigit(*digits);
  if (digits->value == 0 && digits->half <= 0) return 0;
  const bool tie = digits->half == 5 && !digits->more;
  const bool up = digits->half > 5 || (digits->half == 5 && digits->more) || (tie && digits->value % 2 != 0);
  if (digits->power <= -kPlaces && up) ++digits->value;
  for (; digits->power > -kPlaces; --digits->power) {
    if (digits->value > kMost / 10) return std::nullopt;
    digits->value *= 10;
  }
  return digits->negative ? -digits->value : digits->value;
}

}  // namespace papertape::market

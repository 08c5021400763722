#include "libs/money/money.h"

#include <array>
#include <charconv>
#include <limits>

#include "libs/status/status.h"

namespace papertape {
namespace {

__extension__ using Wide = __int128;

absl::StatusOr<std::int64_t> Narrow(Wide value) {
  if (value > std::numeric_limits<std::int64_t>::max() || value < std::numeric_limits<std::int64_t>::min()) {
    return Error(Reason::kAMOUNT_OUT_OF_RANGE);
  }
  return static_cast<std::int64_t>(value);
}

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// The parts of a decimal as written: sign, digits without the point, and the power of ten of the last digit.
struct Digits {
  bool negative = false;
  std::string_view whole;
  std::string_view fraction;
  std::int64_t exponent = 0;
};

absl::StatusOr<Digits> Scan(std::string_view text) {
  const absl::Status not_a_number = absl::InvalidArgumentError("must be a number");
  Digits digits;
  std::size_t at = 0;
  const auto run = [&] {
    const std::size_t start = at;
    while (at < text.size() && IsDigit(text[at])) ++at;
    return text.substr(start, at - start);
  };
  if (at < text.size() && text[at] == '-') {
    digits.negative = true;
    ++at;
  }
  digits.whole = run();
  if (digits.whole.empty()) return not_a_number;
  if (at < text.size() && text[at] == '.') {
    ++at;
    digits.fraction = run();
    if (digits.fraction.empty()) return not_a_number;
  }
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    if (at < text.size() && text[at] == '+') ++at;
    const auto [end, error] = std::from_chars(text.data() + at, text.data() + text.size(), digits.exponent);
    if (error == std::errc::invalid_argument) return not_a_number;
    if (error != std::errc()) return absl::InvalidArgumentError("has an exponent that is out of range");
    at = static_cast<std::size_t>(end - text.data());
  }
  if (at != text.size()) return not_a_number;
  return digits;
}

}  // namespace

absl::StatusOr<std::int64_t> MulDiv(std::int64_t a, std::int64_t b, std::int64_t divisor, Rounding rounding) {
  const Wide product = static_cast<Wide>(a) * b;
  Wide quotient = product / divisor;
  const Wide remainder = product % divisor;
  const Wide magnitude = remainder < 0 ? -remainder : remainder;
  const Wide away = product < 0 ? -1 : 1;
  switch (rounding) {
    case Rounding::kHalfEven:
      if (magnitude * 2 > divisor || (magnitude * 2 == divisor && quotient % 2 != 0)) quotient += away;
      break;
    case Rounding::kUp:
      if (remainder != 0) quotient += away;
      break;
    case Rounding::kDown:
      break;
  }
  return Narrow(quotient);
}

absl::StatusOr<Money> Add(Money a, Money b) {
  PT_ASSIGN_OR_RETURN(const std::int64_t sum, Narrow(static_cast<Wide>(a.micros()) + b.micros()));
  return Money::FromMicros(sum);
}

absl::StatusOr<Money> Subtract(Money a, Money b) {
  PT_ASSIGN_OR_RETURN(const std::int64_t difference, Narrow(static_cast<Wide>(a.micros()) - b.micros()));
  return Money::FromMicros(difference);
}

absl::StatusOr<Money> Notional(Price price, Quantity quantity, Rounding rounding) {
  PT_ASSIGN_OR_RETURN(const std::int64_t micros, MulDiv(price.micros(), quantity.micros(), kMicrosPerUnit, rounding));
  return Money::FromMicros(micros);
}

absl::StatusOr<Money> BasisPointsOf(Money amount, std::int64_t basis_points, Rounding rounding) {
  PT_ASSIGN_OR_RETURN(const std::int64_t micros, MulDiv(amount.micros(), basis_points, 10'000, rounding));
  return Money::FromMicros(micros);
}

absl::StatusOr<std::int64_t> ParseDecimal(std::string_view text) {
  PT_ASSIGN_OR_RETURN(const Digits digits, Scan(text));
  // `place` is the power of ten, in millionths, that the digit about to be read stands for.
  constexpr Wide kLimit = Wide{1} << 64;
  std::int64_t place = static_cast<std::int64_t>(digits.whole.size()) - 1 + 6;
  if (digits.exponent > 400 || digits.exponent < -400) {
    const bool all_zero =
        (std::string(digits.whole) + std::string(digits.fraction)).find_first_not_of('0') == std::string::npos;
    if (all_zero) return 0;
    return absl::InvalidArgumentError(digits.exponent > 0 ? "is too large" : "has more than six decimal places");
  }
  place += digits.exponent;
  Wide value = 0;
  bool past_the_end = false;
  for (const std::string_view part : {digits.whole, digits.fraction}) {
    for (const char c : part) {
      if (place < 0) {
        if (c != '0') return absl::InvalidArgumentError("has more than six decimal places");
      } else {
        value = value * 10 + (c - '0');
        if (value > kLimit) past_the_end = true;
        if (past_the_end) value = kLimit;
      }
      --place;
    }
  }
  for (; place >= 0 && value != 0 && !past_the_end; --place) {
    value *= 10;
    past_the_end = value > kLimit;
  }
  if (past_the_end) return absl::InvalidArgumentError("is too large");
  absl::StatusOr<std::int64_t> narrowed = Narrow(digits.negative ? -value : value);
  if (!narrowed.ok()) return absl::InvalidArgumentError("is too large");
  return narrowed;
}

void AppendDecimal(std::int64_t micros, std::string& out) {
  const bool negative = micros < 0;
  const std::uint64_t magnitude =
      negative ? std::uint64_t{0} - static_cast<std::uint64_t>(micros) : static_cast<std::uint64_t>(micros);
  std::array<char, 24> buffer{};
  if (negative) out.push_back('-');
  const auto whole = std::to_chars(buffer.data(), buffer.data() + buffer.size(), magnitude / kMicrosPerUnit);
  out.append(buffer.data(), whole.ptr);
  std::uint64_t fraction = magnitude % kMicrosPerUnit;
  if (fraction == 0) return;
  out.push_back('.');
  for (std::uint64_t unit = kMicrosPerUnit / 10; fraction != 0; unit /= 10) {
    out.push_back(static_cast<char>('0' + fraction / unit));
    fraction %= unit;
  }
}

std::string FormatDecimal(std::int64_t micros) {
  std::string out;
  AppendDecimal(micros, out);
  return out;
}

}  // namespace papertape

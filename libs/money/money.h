// Exact amounts. Price, Quantity and Money are distinct types of int64 millionths; a double never carries them.
// Sums and products that leave the range answer AMOUNT_OUT_OF_RANGE; nothing wraps.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace papertape {

inline constexpr std::int64_t kMicrosPerUnit = 1'000'000;

// A number of millionths that knows what it counts.
template <class Tag>
class Micros {
 public:
  constexpr Micros() = default;
  static constexpr Micros FromMicros(std::int64_t micros) { return Micros(micros); }
  static constexpr Micros FromUnits(std::int64_t units) { return Micros(units * kMicrosPerUnit); }
  [[nodiscard]] constexpr std::int64_t micros() const { return micros_; }
  [[nodiscard]] constexpr bool is_zero() const { return micros_ == 0; }
  [[nodiscard]] constexpr Micros operator-() const { return Micros(-micros_); }
  friend constexpr auto operator<=>(const Micros&, const Micros&) = default;

 private:
  explicit constexpr Micros(std::int64_t micros) : micros_(micros) {}
  std::int64_t micros_ = 0;
};

using Price = Micros<struct PriceTag>;        // currency units for one share
using Quantity = Micros<struct QuantityTag>;  // shares
using Money = Micros<struct MoneyTag>;        // currency units

// How a product that falls between two millionths is rounded.
enum class Rounding {
  kHalfEven,  // to the nearest, ties to the even neighbour: valuation and P&L
  kUp,        // away from zero: what the user must cover (margin, fees)
  kDown,      // towards zero
};

// a * b / divisor without intermediate overflow. divisor > 0.
absl::StatusOr<std::int64_t> MulDiv(std::int64_t a, std::int64_t b, std::int64_t divisor, Rounding rounding);

absl::StatusOr<Money> Add(Money a, Money b);
absl::StatusOr<Money> Subtract(Money a, Money b);
// price * quantity.
absl::StatusOr<Money> Notional(Price price, Quantity quantity, Rounding rounding = Rounding::kHalfEven);
// amount * basis_points / 10,000.
absl::StatusOr<Money> BasisPointsOf(Money amount, std::int64_t basis_points, Rounding rounding);

// Reads a JSON-style decimal ("150.25", "-3", "1.5e2") exactly into millionths. Refuses more than six places,
// anything that is not a number, and values past the int64 range; the error says which, without naming a field.
absl::StatusOr<std::int64_t> ParseDecimal(std::string_view text);
// Shortest form: "150.25", "-3", "0.000001".
std::string FormatDecimal(std::int64_t micros);
// Appends the same to `out`; no allocation beyond it.
void AppendDecimal(std::int64_t micros, std::string& out);

template <class Tag>
std::string Format(Micros<Tag> amount) {
  return FormatDecimal(amount.micros());
}

}  // namespace papertape

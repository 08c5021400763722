// What execution models look at. The trade engine and backtests share them: the same input gives the same fill.
#pragma once

#include <cstdint>
#include <optional>

#include "libs/clock/clock.h"
#include "libs/money/money.h"

namespace papertape::execution {

enum class Side : std::uint8_t { kBuy, kSell };
constexpr Side Opposite(Side side) { return side == Side::kBuy ? Side::kSell : Side::kBuy; }

// The market at the moment of a fill.
struct Market {
  Price last;
  std::optional<Price> bid;
  std::optional<Price> ask;
  double volume = 0;            // shares traded in the bar or day that the fill falls into; 0: not known
  double daily_volatility = 0;  // standard deviation of a day's return, 0.02 for 2 %; 0: not known
};

// What was filled.
struct Fill {
  Side side = Side::kBuy;
  Price price;
  Quantity quantity;
  Timestamp time;  // rates that the law sets are those of this day
};

// A hundred million is one: what rates are counted in. A percent with six decimals is exact.
inline constexpr std::int64_t kRateUnit = 100'000'000;
inline constexpr std::int64_t kOnePercent = kRateUnit / 100;

}  // namespace papertape::execution

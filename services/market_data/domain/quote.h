// What one instrument costs at one moment. Values only.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "libs/clock/clock.h"
#include "libs/money/money.h"

namespace papertape::market {

inline constexpr char kSimulatorSource[] = "simulator";
inline constexpr char kReplaySource[] = "replay";

// bid <= price <= ask; an index has neither bid nor ask.
struct Quote {
  std::string symbol;
  Price price;
  Timestamp time;  // when the price was made
  std::optional<Price> bid;
  std::optional<Price> ask;
  Price previous_close;  // zero when none is known; then there is no change either
  Price day_low;         // of the session so far, zero when not known
  Price day_high;
  std::int64_t volume = 0;  // shares of the trade that made the price, 0 when not known
  bool traded = false;      // every trade of its source is told: bars of them are true; else it is a sample
  std::string source;       // who says so; a made-up price never carries a provider's name

  // Price less the previous close.
  [[nodiscard]] Price Change() const;
  // The change in percent of the previous close: an estimate for reading.
  [[nodiscard]] double ChangePercent() const;
  friend bool operator==(const Quote&, const Quote&) = default;
};

}  // namespace papertape::market

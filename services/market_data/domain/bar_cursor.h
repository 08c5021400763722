// The opaque cursor of a list of bars: which list it belongs to and where it stopped. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "libs/clock/clock.h"
#include "services/market_data/domain/bar.h"

namespace papertape::market {

// URL-safe text for a position in the bars of `symbol` and `interval`.
std::string MakeBarCursor(std::string_view symbol, Interval interval, Timestamp position);
// The position; nothing when the text is no cursor, or one of another list.
std::optional<Timestamp> ReadBarCursor(std::string_view cursor, std::string_view symbol, Interval interval);

}  // namespace papertape::market

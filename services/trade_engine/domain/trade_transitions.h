// The one table of what may happen to a trade. A closed trade is closed for ever.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "services/trade_engine/domain/types.h"

namespace papertape::trade_engine {

enum class TradeEvent : std::uint8_t { kExit, kStopCrossed, kTargetCrossed, kMarginCall };

// Rows: the five statuses; columns: the four events. Nothing: refused.
inline constexpr std::array<std::array<std::optional<TradeStatus>, 4>, 5> kTradeTransitions{{
    // kExit                 kStopCrossed               kTargetCrossed           kMarginCall
    {TradeStatus::kClosed, TradeStatus::kStopLossHit, TradeStatus::kTargetHit, TradeStatus::kMarginClosed},  // kActive
    {},                                                                                                      // kClosed
    {},  // kStopLossHit
    {},  // kTargetHit
    {},  // kMarginClosed
}};

constexpr std::optional<TradeStatus> Next(TradeStatus status, TradeEvent event) {
  return kTradeTransitions[static_cast<std::size_t>(status)][static_cast<std::size_t>(event)];
}

}  // namespace papertape::trade_engine

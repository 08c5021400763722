// What the trade engine said of one account, as far as the feed tells it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "libs/clock/clock.h"
#include "libs/money/money.h"

namespace papertape::notification {

enum class NewsKind : std::uint8_t {
  kAccountOpened,
  kTradeOpened,
  kTradeExited,
  kStopLossHit,
  kTargetHit,
  kSplitApplied,
  kDividendPaid
};

struct TradeFacts {
  std::string trade_id;
  std::string symbol;
  bool is_long = true;
  Quantity quantity;
  Price entry_price;
  std::optional<Price> stop_loss;
  std::optional<Price> target_price;
  Price exit_price;  // zero while open
  Money pnl;         // realised, after fees; zero while open
};

// What a split or a dividend did to the trade.
struct AdjustmentFacts {
  Quantity new_shares, old_shares;  // of a split
  Price per_share;                  // of a dividend
  Quantity quantity_before;
  Price entry_price_before;
  Money amount;  // credited; negative: debited
  bool late = false;
  bool after_close = false;  // the trade had been closed by then
};

struct TradingNews {
  NewsKind kind = NewsKind::kAccountOpened;
  std::int64_t user_id = 0;
  Money available_margin;           // of the account, afterwards
  std::optional<TradeFacts> trade;  // absent for kAccountOpened
  std::string data;                 // the event as JSON
  // The market's time then, where it is of a session of the past; absent in the live market.
  std::optional<Timestamp> replayed;
  AdjustmentFacts adjustment;  // of kSplitApplied and kDividendPaid
};

}  // namespace papertape::notification

// What open trades are worth. Sums are exact; percentages are estimates and double. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "libs/clock/clock.h"
#include "libs/money/money.h"

namespace papertape::portfolio {

// One open trade, as the trade engine keeps it.
struct OpenTrade {
  std::string trade_id;
  std::int64_t user_id = 0;
  std::string symbol;
  bool is_long = true;
  Quantity quantity;  // positive
  Price entry_price;
  std::optional<Price> last_price;  // the newest that the engine knows
  Timestamp opened_at;
};

// One trade that is over.
struct ClosedTrade {
  std::string symbol;
  bool is_long = true;
  Quantity quantity;  // positive
  Price entry_price;
  Money pnl;  // realised, after fees
  Timestamp opened_at;
};

struct LivePrice {
  Price price;
  bool stale = false;                   // older than the freshness limit
  std::optional<Timestamp> time;        // when it was made, where that is known
  std::optional<Price> previous_close;  // of the session before the one that the price was made in
};

// The paper account, as of the engine's last commit.
struct Account {
  Money available_margin;
  Money utilized_margin;
  Money total_pnl;  // realised since it was opened, after fees
};

// What a position is worth at its live price.
struct Valuation {
  LivePrice live;
  Money total_value;     // negative when short
  Money unrealized_pnl;  // before the fees of closing
  double unrealized_pnl_percentage = 0;
};

struct Position {
  OpenTrade trade;
  Quantity quantity;                   // negative when short
  std::optional<Valuation> valuation;  // absent without a price
};

// Positions without a price are counted and left out of every sum.
struct Stats {
  Money total_value;
  Money total_unrealized_pnl;
  Money total_realized_pnl;
  double total_return_percentage = 0;  // of the deposit
  std::int64_t positions_count = 0;
  Money cash;
  Money day_pnl;
  std::vector<std::string> unpriced_symbols;  // sorted, each once
};

// AMOUNT_OUT_OF_RANGE when a figure leaves the range of the ledger.
absl::StatusOr<Position> Value(const OpenTrade& trade, const std::optional<LivePrice>& live);
// What an open position has gained since `midnight`; zero without a price.
absl::StatusOr<Money> GainedSince(Timestamp midnight, const Position& position);
// What a trade that was closed since `midnight` has gained from then to its exit; `live` is its symbol's price now.
absl::StatusOr<Money> GainedSince(Timestamp midnight, const ClosedTrade& trade, const std::optional<LivePrice>& live);
// All but the day's gain. Without an account its figures are zero.
absl::StatusOr<Stats> SumUp(const std::vector<Position>& positions, const std::optional<Account>& account);

}  // namespace papertape::portfolio

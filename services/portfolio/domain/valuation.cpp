#include "services/portfolio/domain/valuation.h"

#include <cmath>
#include <set>

#include "libs/status/status.h"

namespace papertape::portfolio {
namespace {

// `part` in percent of `whole`, whatever the sign of the whole; 0 of nothing.
double PercentOf(Money part, Money whole) {
  if (whole.is_zero()) return 0;
  return 100.0 * static_cast<double>(part.micros()) / std::abs(static_cast<double>(whole.micros()));
}

// What an instrument cost when the day began, as far as its newest price tells: a price of today names the close before
// it, and one from before today has not moved since.
std::optional<Price> PriceAt(Timestamp midnight, const LivePrice& live) {
  if (!live.time) return std::nullopt;
  return *live.time < midnight ? live.price : live.previous_close;
}

// What holding `quantity` from the entry to the start of the day has earned: no part of the day's gain. Zero for a
// trade that is younger than the day, and where nobody knows what the instrument cost then.
absl::StatusOr<Money> GainedBefore(Timestamp midnight, Timestamp opened_at, Price entry, Quantity quantity,
                                   const LivePrice& live) {
  const std::optional<Price> start = PriceAt(midnight, live);
  if (opened_at >= midnight || !start) return Money();
  PT_ASSIGN_OR_RETURN(const Money cost, Notional(entry, quantity));
  PT_ASSIGN_OR_RETURN(const Money value, Notional(*start, quantity));
  return Subtract(value, cost);
}

}  // namespace

absl::StatusOr<Money> GainedSince(Timestamp midnight, const Position& position) {
  if (!position.valuation) return Money();
  const OpenTrade& trade = position.trade;
  PT_ASSIGN_OR_RETURN(const Money before, GainedBefore(midnight, trade.opened_at, trade.entry_price, position.quantity,
                                                       position.valuation->live));
  return Subtract(position.valuation->unrealized_pnl, before);
}

absl::StatusOr<Money> GainedSince(Timestamp midnight, const ClosedTrade& trade, const std::optional<LivePrice>& live) {
  if (!live) return trade.pnl;
  PT_ASSIGN_OR_RETURN(const Money before, GainedBefore(midnight, trade.opened_at, trade.entry_price,
                                                       trade.is_long ? trade.quantity : -trade.quantity, *live));
  return Subtract(trade.pnl, before);
}

absl::StatusOr<Position> Value(const OpenTrade& trade, const std::optional<LivePrice>& live) {
  Position position{.trade = trade, .quantity = trade.is_long ? trade.quantity : -trade.quantity};
  if (!live) return position;
  PT_ASSIGN_OR_RETURN(const Money cost, Notional(trade.entry_price, position.quantity));
  PT_ASSIGN_OR_RETURN(const Money value, Notional(live->price, position.quantity));
  PT_ASSIGN_OR_RETURN(const Money pnl, Subtract(value, cost));
  position.valuation = Valuation{
      .live = *live, .total_value = value, .unrealized_pnl = pnl, .unrealized_pnl_percentage = PercentOf(pnl, cost)};
  return position;
}

absl::StatusOr<Stats> SumUp(const std::vector<Position>& positions, const std::optional<Account>& account) {
  Stats stats{.positions_count = static_cast<std::int64_t>(positions.size())};
  std::set<std::string> unpriced;
  for (const Position& position : positions) {
    if (!position.valuation) {
      unpriced.insert(position.trade.symbol);
      continue;
    }
    PT_ASSIGN_OR_RETURN(stats.total_unrealized_pnl,
                        Add(stats.total_unrealized_pnl, position.valuation->unrealized_pnl));
  }
  stats.unpriced_symbols.assign(unpriced.begin(), unpriced.end());
  if (!account) {
    stats.total_value = stats.total_unrealized_pnl;
    return stats;
  }
  stats.cash = account->available_margin;
  stats.total_realized_pnl = account->total_pnl;
  PT_ASSIGN_OR_RETURN(const Money equity, Add(account->available_margin, account->utilized_margin));
  PT_ASSIGN_OR_RETURN(stats.total_value, Add(equity, stats.total_unrealized_pnl));
  // What was realised is part of the equity: without it the deposit is left.
  PT_ASSIGN_OR_RETURN(const Money deposit, Subtract(equity, account->total_pnl));
  PT_ASSIGN_OR_RETURN(const Money gained, Subtract(stats.total_value, deposit));
  stats.total_return_percentage = PercentOf(gained, deposit);
  return stats;
}

}  // namespace papertape::portfolio

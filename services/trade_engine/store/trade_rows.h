// Rows of the trade engine's tables as domain values.
#pragma once

#include <string_view>

#include "libs/pg/pool.h"
#include "services/trade_engine/domain/types.h"

namespace papertape::trade_engine {

inline constexpr std::string_view kAccountColumns =
    "user_id, portfolio_id, deposit, available, utilized, realized_pnl, fee_model, slippage_model, total_trades, "
    "closed_trades, winning_trades, losing_trades, last_seq, created_at, updated_at";
Account ToAccount(const pg::Rows& rows, std::size_t row);

inline constexpr std::string_view kTradeColumns =
    "user_id, trade_id, symbol, side, quantity, entry_price, stop_loss, target_price, status, margin_used, fees, "
    "quote_source, quote_time, exit_price, exit_reason, pnl, created_at, closed_at, income";
Trade ToTrade(const pg::Rows& rows, std::size_t row);

// Of orders joined with fills.
inline constexpr std::string_view kOrderColumns =
    "o.user_id, o.order_id, o.trade_id, o.symbol, o.side, o.opens, o.quantity, f.price, f.fee, o.realized_pnl, "
    "f.quote_source, f.quote_time, f.quote_last, f.quote_bid, f.quote_ask, o.created_at";
Order ToOrder(const pg::Rows& rows, std::size_t row);

}  // namespace papertape::trade_engine

// Entries of the trading journal in the database.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "libs/pg/pool.h"
#include "services/trade_engine/domain/trading_journal.h"

namespace papertape::trade_engine {

// Of `journal_trades`, in the order that ToWritten expects.
inline constexpr std::string_view kWrittenColumns =
    "user_id, trade_id, symbol, side, quantity, entry_price, stop_loss, target_price, entry_date, exit_price, "
    "exit_date, pnl, watch, armed_at, alerted_at";
// Without its notes.
JournalEntry ToWritten(const pg::Rows& rows, std::size_t row);

// All there is of the trades with these ids that are the user's, in the order of the ids.
std::vector<JournalEntry> ReadEntries(pg::Transaction& transaction, std::int64_t session, std::int64_t user_id,
                                      const std::vector<std::string>& trade_ids);

// Adds or replaces.
void WriteNotes(pg::Transaction& transaction, std::int64_t session, std::int64_t user_id, const std::string& trade_id,
                const TradeNotes& notes);

}  // namespace papertape::trade_engine

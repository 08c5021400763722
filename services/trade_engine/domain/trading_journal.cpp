#include "services/trade_engine/domain/trading_journal.h"

#include <algorithm>
#include <utility>

#include "libs/status/status.h"
#include "services/trade_engine/domain/execution.h"

namespace papertape::trade_engine {
namespace {

template <class Value>
void Take(const std::optional<Value>& change, Value& value) {
  if (change) value = *change;
}

}  // namespace

std::string_view Name(TradeKind kind) { return kind == TradeKind::kPaper ? "paper" : "journal"; }

absl::Status Apply(const CloseEntry& command, Timestamp now, JournalEntry& entry) {
  Trade& trade = entry.trade;
  if (trade.status != TradeStatus::kActive) return Error(Reason::kTRADE_CLOSED);
  const Timestamp closed_at = command.exit_date.value_or(std::max(now, trade.created_at));
  if (closed_at < trade.created_at) return InvalidField("exit_date", "must not be before the entry");
  PT_ASSIGN_OR_RETURN(trade.pnl, ProfitBetween(trade.side, trade.entry_price, command.exit_price, trade.quantity));
  trade.status = TradeStatus::kClosed;
  trade.exit_price = command.exit_price;
  trade.exit_reason = ExitReason::kManual;
  trade.closed_at = closed_at;
  if (!command.lessons_learned.empty()) entry.notes.lessons_learned = command.lessons_learned;
  return absl::OkStatus();
}

absl::Status Apply(const ChangeEntry& command, Timestamp now, JournalEntry& entry) {
  Trade& trade = entry.trade;
  if (command.moves_levels() && trade.status != TradeStatus::kActive) return Error(Reason::kTRADE_CLOSED);
  const auto before = std::pair(trade.stop_loss, trade.target_price);
  Take(command.stop_loss, trade.stop_loss);
  Take(command.target_price, trade.target_price);
  if (before != std::pair(trade.stop_loss, trade.target_price)) {
    ++entry.watch;
    entry.armed_at = now;
    entry.alerted_at.reset();
  }
  Apply(command.notes, entry.notes);
  return absl::OkStatus();
}

void Apply(const NotesChange& change, TradeNotes& notes) {
  Take(change.setup_id, notes.setup_id);
  Take(change.market_conditions, notes.market_conditions);
  Take(change.emotions, notes.emotions);
  Take(change.notes, notes.notes);
  Take(change.lessons_learned, notes.lessons_learned);
  Take(change.tags, notes.tags);
}

}  // namespace papertape::trade_engine

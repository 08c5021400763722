// The book's half that corporate actions move.
#include <algorithm>

#include "libs/status/status.h"
#include "services/trade_engine/domain/book.h"
#include "services/trade_engine/domain/book_step.h"

namespace papertape::trade_engine {
namespace {

constexpr std::string_view kMadeUp = "simulator";

Position PositionOf(const Trade& trade) {
  return {.is_long = trade.side == Side::kBuy,
          .quantity = trade.quantity,
          .entry_price = trade.entry_price,
          .stop_loss = trade.stop_loss,
          .target_price = trade.target_price};
}

// A made-up price never took a split that nobody had announced, so a trade at made-up prices does not take it either.
bool Reaches(const CorporateAction& action, const Trade& trade) {
  if (trade.symbol != action.symbol || trade.created_at >= BeginsAt(action)) return false;
  return !IsSplit(action) || action.foretold || trade.quote_source != kMadeUp;
}

// As the cause of an event.
std::string WhatBy(const CorporateAction& action) { return "action " + IdOf(action); }

Adjustment Begin(const Trade& trade, const CorporateAction& action, bool late, Timestamp now) {
  return {.user_id = trade.user_id,
          .trade_id = trade.trade_id,
          .action_id = IdOf(action),
          .terms = action.terms,
          .revision = action.revision,
          .ex_date = action.ex_date,
          .source = action.source,
          .before = PositionOf(trade),
          .after = PositionOf(trade),
          .late = late,
          .applied_at = now};
}

// The new position and the amount. AMOUNT_OUT_OF_RANGE.
absl::Status Work(Adjustment& adjustment) {
  if (const auto* const split = std::get_if<Split>(&adjustment.terms)) {
    PT_ASSIGN_OR_RETURN(const SplitPosition done, Apply(*split, adjustment.before));
    adjustment.after = done.position;
    adjustment.amount = done.rounding;
    return absl::OkStatus();
  }
  const auto& dividend = std::get<Dividend>(adjustment.terms);
  PT_ASSIGN_OR_RETURN(adjustment.amount, Pay(dividend, adjustment.before.is_long, adjustment.before.quantity));
  return absl::OkStatus();
}

// Whether the account and the trade can hold the amount.
absl::Status CheckRoom(const Account& account, const Trade& trade, Money amount) {
  PT_RETURN_IF_ERROR(Add(account.available, amount).status());
  PT_RETURN_IF_ERROR(Add(account.realized_pnl, amount).status());
  PT_RETURN_IF_ERROR(Add(trade.income, amount).status());
  return Add(trade.pnl.value_or(Money()), amount).status();
}

void Count(Account& account, Money pnl, std::int64_t step) {
  if (pnl > Money()) account.winning_trades += step;
  if (pnl < Money()) account.losing_trades += step;
}

}  // namespace

void Book::Learn(const CorporateAction& action, Timestamp now) {
  // Another session's is kept in the database until that session's books are opened.
  if (action.session == session_) actions_.Learn(action, now);
}

void Book::ApplyDue(Timestamp now, Batch& batch) {
  if (now < actions_.next_at()) return;
  for (const ActionCalendar::Due& due : actions_.TakeDue(now)) Apply(due, now, batch);
}

void Book::Apply(const ActionCalendar::Due& due, Timestamp now, Batch& batch) {
  const CorporateAction& action = due.action;
  std::vector<Slot> held;
  for (Slot slot = 0; slot < trades_.size(); ++slot) {
    if (trades_[slot].status == TradeStatus::kActive && Reaches(action, trades_[slot])) held.push_back(slot);
  }
  // Slots are reused; ids tell the order in which the trades were opened, before and after a recovery.
  std::sort(held.begin(), held.end(), [this](Slot a, Slot b) { return trades_[a].trade_id < trades_[b].trade_id; });
  ActionApplied applied{.action = action, .late = due.late};
  for (const Slot slot : held) ++(Adjust(slot, due, now, batch) ? applied.trades : applied.refused);
  batch.Append(ActionMark{.action_id = IdOf(action), .revision = action.revision, .at = now});
  if (IsSplit(action)) {
    const auto& split = std::get<Split>(action.terms);
    excursions_.Scale(SymbolIdOf(action.symbol), split.denominator.micros(), split.numerator.micros());
    // Prices of both sides of it were seen together.
    if (due.late) excursions_.Begin(true);
    const auto known = quotes_.find(action.symbol);
    if (known != quotes_.end() && actions_.IsVoid(action.symbol, known->second.time)) quotes_.erase(known);
  }
  applied_.push_back(std::move(applied));
}

bool Book::Adjust(Slot slot, const ActionCalendar::Due& due, Timestamp now, Batch& batch) {
  Trade& trade = trades_[slot];
  Account& account = accounts_[trade.user_id].account;
  Adjustment adjustment = Begin(trade, due.action, due.late, now);
  if (!Work(adjustment).ok() || !CheckRoom(account, trade, adjustment.amount).ok()) return false;
  const std::string what = WhatBy(due.action);
  trade.quantity = adjustment.after.quantity;
  trade.entry_price = adjustment.after.entry_price;
  trade.stop_loss = adjustment.after.stop_loss;
  trade.target_price = adjustment.after.target_price;
  trade.income = Money::FromMicros(trade.income.micros() + adjustment.amount.micros());
  BookStep(account, now, {.what = what}, ids_, batch).Publish(trade, std::move(adjustment));
  if (IsSplit(due.action)) Arm(slot);
  return true;
}

absl::StatusOr<ActionSettled> Book::Decide(const SettleAction& command, Timestamp now, std::string_view /*request_id*/,
                                           Batch& batch) {
  // The market has turned to another session meanwhile.
  if (command.action.session != session_) return Error(Reason::kUNAVAILABLE);
  ActionSettled settled;
  for (const Trade& trade : command.trades) {
    if (Reaches(command.action, trade) && AdjustClosed(trade, command.action, now, batch)) ++settled.trades;
  }
  batch.Append(
      ActionMark{.action_id = IdOf(command.action), .revision = command.action.revision, .settled = true, .at = now});
  return settled;
}

bool Book::AdjustClosed(Trade trade, const CorporateAction& action, Timestamp now, Batch& batch) {
  const auto found = accounts_.find(trade.user_id);
  if (found == accounts_.end() || !trade.pnl || !trade.exit_price) return false;
  Account& account = found->second.account;
  Adjustment adjustment = Begin(trade, action, true, now);
  adjustment.after_close = true;
  const auto* const split = std::get_if<Split>(&action.terms);
  const auto amount = split != nullptr
                          ? Compensate(*split, adjustment.before.is_long, trade.quantity, *trade.exit_price)
                          : Pay(std::get<Dividend>(action.terms), adjustment.before.is_long, trade.quantity);
  if (!amount.ok() || !CheckRoom(account, trade, *amount).ok()) return false;
  adjustment.amount = *amount;
  Count(account, *trade.pnl, -1);
  trade.income = Money::FromMicros(trade.income.micros() + amount->micros());
  trade.pnl = Money::FromMicros(trade.pnl->micros() + amount->micros());
  Count(account, *trade.pnl, 1);
  const std::string what = WhatBy(action);
  BookStep(account, now, {.what = what}, ids_, batch).Publish(trade, std::move(adjustment));
  return true;
}

}  // namespace papertape::trade_engine

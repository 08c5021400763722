#include "services/trade_engine/domain/book.h"

#include <algorithm>
#include <utility>

#include "fmt/format.h"
#include "libs/status/status.h"
#include "services/trade_engine/domain/book_step.h"
#include "services/trade_engine/domain/execution.h"
#include "services/trade_engine/domain/trade_transitions.h"

namespace papertape::trade_engine {
namespace {

std::string ReplyKey(std::int64_t user_id, const std::string& key) { return fmt::format("{}/{}", user_id, key); }

EventKind KindOf(ExitReason reason) {
  switch (reason) {
    case ExitReason::kStopLoss:
      return EventKind::kStopLossHit;
    case ExitReason::kTargetPrice:
      return EventKind::kTargetHit;
    case ExitReason::kManual:
    case ExitReason::kExitAll:
      return EventKind::kTradeExited;
  }
  return EventKind::kTradeExited;
}

TradeEvent CauseOf(ExitReason reason) {
  switch (reason) {
    case ExitReason::kStopLoss:
      return TradeEvent::kStopCrossed;
    case ExitReason::kTargetPrice:
      return TradeEvent::kTargetCrossed;
    case ExitReason::kManual:
    case ExitReason::kExitAll:
      return TradeEvent::kExit;
  }
  return TradeEvent::kExit;
}

std::vector<std::string> CrossedAlready(const Trade& trade, Price last) {
  std::vector<std::string> warnings;
  if (trade.stop_loss && StopCrossed(trade.side, *trade.stop_loss, last)) {
    warnings.emplace_back("The stop loss is already crossed; it fires on the next tick.");
  }
  if (trade.target_price && TargetCrossed(trade.side, *trade.target_price, last)) {
    warnings.emplace_back("The target price is already crossed; it fires on the next tick.");
  }
  return warnings;
}

}  // namespace

void Book::Restore(const Snapshot& snapshot, Timestamp now) {
  accounts_.clear();
  trades_.clear();
  free_slots_.clear();
  slot_of_.clear();
  replies_.clear();
  reply_order_.clear();
  triggers_ = TriggerIndex();
  if (std::exchange(session_, snapshot.tick_position.session) != session_) quotes_.clear();
  for (const Account& account : snapshot.accounts) accounts_[account.user_id].account = account;
  std::vector<Trade> trades = snapshot.active_trades;
  std::sort(trades.begin(), trades.end(), [](const Trade& a, const Trade& b) { return a.trade_id < b.trade_id; });
  for (const Trade& trade : trades) Activate(accounts_[trade.user_id], trade);
  for (const RememberedReply& reply : snapshot.replies) Keep(reply);
  actions_.Restore(snapshot.actions, now);
  applied_.clear();
  excursions_.Restore(snapshot.extremes, trades, [this](const std::string& symbol) { return SymbolIdOf(symbol); });
}

absl::StatusOr<AccountOpened> Book::Decide(const OpenAccount& command, Timestamp now, std::string_view request_id,
                                           Batch& batch) {
  if (const auto found = accounts_.find(command.user_id); found != accounts_.end()) {
    return AccountOpened{.account = found->second.account, .existed = true};
  }
  const Money deposit = command.deposit.value_or(options_.initial_deposit);
  return AccountOpened{.account = NewAccount(command.user_id, deposit, now, request_id, batch).account};
}

Account Book::BlankAccount() const {
  return {.fee_model = options_.fee_model, .slippage_model = options_.slippage_model};
}

Book::AccountState& Book::NewAccount(std::int64_t user_id, Money deposit, Timestamp now, std::string_view request_id,
                                     Batch& batch) {
  AccountState& state = accounts_[user_id];
  state.account = BlankAccount();
  state.account.user_id = user_id;
  state.account.portfolio_id = ids_.Next();
  state.account.created_at = now;
  BookStep step(state.account, now, {request_id}, ids_, batch);
  step.Move(LedgerBook::kDeposit, LedgerBook::kCash, deposit, "");
  step.Publish(EventKind::kAccountOpened, std::nullopt);
  return state;
}

absl::StatusOr<const Quote*> Book::FreshQuote(const std::string& symbol, const std::optional<Quote>& offered,
                                              Timestamp now) {
  auto found = quotes_.find(symbol);
  // What was asked of the market beside the tape counts in the live market alone, and what is old may be of another
  // one, or of before a split.
  const bool counts = offered && session_ == 0 && now - offered->time <= options_.quote_age_max &&
                      !actions_.IsVoid(symbol, offered->time);
  if (counts && (found == quotes_.end() || found->second.time < offered->time)) {
    found = quotes_.insert_or_assign(symbol, *offered).first;
  }
  if (found == quotes_.end() || now - found->second.time > options_.quote_age_max) {
    return WithRetryAfter(WithMetadata(Error(Reason::kQUOTE_STALE), "symbol", symbol), 1'000);
  }
  return &found->second;
}

absl::StatusOr<TradeOpened> Book::Decide(const OpenTrade& command, Timestamp now, std::string_view request_id,
                                         Batch& batch) {
  PT_ASSIGN_OR_RETURN(const Quote* const quote, FreshQuote(command.symbol, command.quote, now));
  const auto found = accounts_.find(command.user_id);
  Account fresh = BlankAccount();
  fresh.available = options_.initial_deposit;
  const Account& before = found != accounts_.end() ? found->second.account : fresh;
  PT_ASSIGN_OR_RETURN(Trade trade, PriceTrade(command, before, *quote, now));

  AccountState& state = found != accounts_.end()
                            ? found->second
                            : NewAccount(command.user_id, options_.initial_deposit, now, request_id, batch);
  ++state.account.total_trades;
  BookStep step(state.account, now, {request_id}, ids_, batch);
  step.Move(LedgerBook::kCash, LedgerBook::kMargin, trade.margin_used, trade.trade_id);
  step.Move(LedgerBook::kCash, LedgerBook::kFees, trade.fees, trade.trade_id);
  step.Record(trade, *quote, trade.side, true, trade.entry_price, trade.fees, Money());
  step.Publish(EventKind::kTradeOpened, trade);
  Activate(state, trade);
  excursions_.Opened(SymbolIdOf(trade.symbol), trade, quote->last);

  return TradeOpened{.account = state.account, .trade = trade, .warnings = CrossedAlready(trade, quote->last)};
}

absl::StatusOr<Trade> Book::PriceTrade(const OpenTrade& command, const Account& account, const Quote& quote,
                                       Timestamp now) {
  PT_ASSIGN_OR_RETURN(const Terms terms, TermsOf(account, quote, command.side, command.quantity, now));
  PT_ASSIGN_OR_RETURN(const Money margin, execution::InitialMargin(options_.margin, terms.price, command.quantity));
  PT_ASSIGN_OR_RETURN(const Money needed, Add(margin, terms.fees.total));
  if (needed > account.available) {
    return WithMetadata(
        WithMetadata(Error(Reason::kINSUFFICIENT_MARGIN), "available_margin", Format(account.available)),
        "required_margin", Format(needed));
  }
  return Trade{.user_id = command.user_id,
               .trade_id = ids_.Next(),
               .symbol = command.symbol,
               .side = command.side,
               .quantity = command.quantity,
               .entry_price = terms.price,
               .stop_loss = command.stop_loss,
               .target_price = command.target_price,
               .margin_used = margin,
               .fees = terms.fees.total,
               .quote_source = quote.source,
               .quote_time = quote.time,
               .created_at = now};
}

absl::StatusOr<TradeChanged> Book::Decide(const ChangeTrade& command, Timestamp now, std::string_view request_id,
                                          Batch& batch) {
  PT_ASSIGN_OR_RETURN(const Slot slot, FindActive(command.user_id, command.trade_id));
  Trade& trade = trades_[slot];
  if (command.stop_loss) trade.stop_loss = *command.stop_loss;
  if (command.target_price) trade.target_price = *command.target_price;
  BookStep step(accounts_[command.user_id].account, now, {request_id}, ids_, batch);
  batch.Change(trade);
  step.Publish(EventKind::kTradeChanged, trade);
  Arm(slot);
  const auto known = quotes_.find(trade.symbol);
  if (known == quotes_.end()) return TradeChanged{.trade = trade};
  const Price last = known->second.last;
  return TradeChanged{.trade = trade, .last = last, .warnings = CrossedAlready(trade, last)};
}

absl::StatusOr<Book::Slot> Book::FindActive(std::int64_t user_id, const std::string& trade_id) const {
  const auto found = slot_of_.find(trade_id);
  if (found == slot_of_.end() || trades_[found->second].user_id != user_id) return Error(Reason::kTRADE_NOT_FOUND);
  return found->second;
}

absl::StatusOr<TradesExited> Book::Decide(const ExitTrade& command, Timestamp now, std::string_view request_id,
                                          Batch& batch) {
  PT_ASSIGN_OR_RETURN(const Slot slot, FindActive(command.user_id, command.trade_id));
  const Trade& trade = trades_[slot];
  if (command.quantity && *command.quantity != trade.quantity) {
    return InvalidField("quantity", fmt::format("must be the whole trade, {}", Format(trade.quantity)));
  }
  PT_ASSIGN_OR_RETURN(const Quote* const quote, FreshQuote(trade.symbol, command.quote, now));
  PT_ASSIGN_OR_RETURN(const Exit exit, PriceExit(slot, *quote, now));

  Close(exit, ExitReason::kManual, now, {request_id}, batch);
  return TradesExited{.account = accounts_[command.user_id].account, .trades = {trades_[slot]}, .total_pnl = exit.pnl};
}

absl::StatusOr<TradesExited> Book::Decide(const ExitAllTrades& command, Timestamp now, std::string_view request_id,
                                          Batch& batch) {
  const auto found = accounts_.find(command.user_id);
  if (found == accounts_.end()) return Error(Reason::kPORTFOLIO_NOT_FOUND);
  for (const Quote& offered : command.quotes) (void)FreshQuote(offered.symbol, offered, now);
  // All or none: every price and every sum is checked before the first trade is closed.
  std::vector<Exit> exits;
  TradesExited exited;
  for (const Slot slot : found->second.active) {
    PT_ASSIGN_OR_RETURN(const Quote* const quote, FreshQuote(trades_[slot].symbol, std::nullopt, now));
    PT_ASSIGN_OR_RETURN(Exit exit, PriceExit(slot, *quote, now));
    PT_ASSIGN_OR_RETURN(exited.total_pnl, Add(exited.total_pnl, exit.pnl));
    exits.push_back(std::move(exit));
  }
  for (const Exit& exit : exits) {
    Close(exit, ExitReason::kExitAll, now, {request_id}, batch);
    exited.trades.push_back(trades_[exit.slot]);
  }
  exited.account = found->second.account;
  return exited;
}

absl::StatusOr<Book::Exit> Book::PriceExit(Slot slot, const Quote& quote, Timestamp now) const {
  const Trade& trade = trades_[slot];
  const Account& account = accounts_.at(trade.user_id).account;
  Exit exit{.slot = slot, .quote = &quote};
  PT_ASSIGN_OR_RETURN(exit.terms, TermsOf(account, quote, Opposite(trade.side), trade.quantity, now));
  PT_ASSIGN_OR_RETURN(exit.gross, ProfitBetween(trade.side, trade.entry_price, exit.terms.price, trade.quantity));
  PT_ASSIGN_OR_RETURN(exit.fees, Add(trade.fees, exit.terms.fees.total));
  PT_ASSIGN_OR_RETURN(const Money moved, Subtract(exit.gross, exit.fees));
  // The account must be able to hold the result, too.
  PT_ASSIGN_OR_RETURN(const Money released, Add(account.available, trade.margin_used));
  PT_RETURN_IF_ERROR(Add(released, moved).status());
  PT_RETURN_IF_ERROR(Add(account.realized_pnl, moved).status());
  // Its income has been in the account since it was paid.
  PT_ASSIGN_OR_RETURN(exit.pnl, Add(moved, trade.income));
  return exit;
}

void Book::Close(const Exit& exit, ExitReason reason, Timestamp now, const Cause& cause, Batch& batch) {
  Trade& trade = trades_[exit.slot];
  AccountState& state = accounts_[trade.user_id];
  const Money fee = exit.terms.fees.total;
  const Money held = trade.margin_used;

  trade.status = *Next(trade.status, CauseOf(reason));
  trade.margin_used = Money();
  trade.fees = exit.fees;
  trade.exit_price = exit.terms.price;
  trade.exit_reason = reason;
  trade.pnl = exit.pnl;
  trade.closed_at = now;
  ++state.account.closed_trades;
  if (exit.pnl > Money()) ++state.account.winning_trades;
  if (exit.pnl < Money()) ++state.account.losing_trades;

  BookStep step(state.account, now, cause, ids_, batch);
  step.Move(LedgerBook::kMargin, LedgerBook::kCash, held, trade.trade_id);
  if (exit.gross > Money()) step.Move(LedgerBook::kPnl, LedgerBook::kCash, exit.gross, trade.trade_id);
  if (exit.gross < Money()) step.Move(LedgerBook::kCash, LedgerBook::kPnl, -exit.gross, trade.trade_id);
  step.Move(LedgerBook::kCash, LedgerBook::kFees, fee, trade.trade_id);
  step.Record(trade, *exit.quote, Opposite(trade.side), false, exit.terms.price, fee,
              Money::FromMicros(exit.gross.micros() - fee.micros()));
  step.Publish(KindOf(reason), trade);

  batch.Append(
      ClosedWay{trade.user_id, trade.trade_id, excursions_.Closed(SymbolIdOf(trade.symbol), trade, exit.terms.price)});
  triggers_.Disarm(exit.slot);
  std::erase(state.active, exit.slot);
  slot_of_.erase(trade.trade_id);
  free_slots_.push_back(exit.slot);
}

void Book::Tick(const Quote& quote, Timestamp now, Batch& batch, std::string_view entry) {
  if (quote.time >= actions_.next_at()) {
    for (const ActionCalendar::Due& due : actions_.TakeDue(quote.time, &quote.symbol)) Apply(due, now, batch);
  }
  if (actions_.IsVoid(quote.symbol, quote.time)) return;
  auto& known = quotes_[quote.symbol];
  // market_data decides which source speaks: another one's price counts whatever its time.
  if (known.symbol.empty() || known.time <= quote.time || known.source != quote.source) known = quote;
  const TriggerIndex::SymbolId symbol = SymbolIdOf(quote.symbol);
  excursions_.See(symbol, quote.last);
  fired_.clear();
  triggers_.Cross(symbol, quote.last, fired_);
  // Slots are reused; ids tell the order in which the trades were opened, before and after a recovery.
  std::sort(fired_.begin(), fired_.end(), [this](Slot a, Slot b) { return trades_[a].trade_id < trades_[b].trade_id; });
  if (fired_.empty()) return;
  const std::string what = fmt::format("tick {}", entry);
  for (const Slot slot : fired_) {
    const Trade& trade = trades_[slot];
    const bool stop = trade.stop_loss && StopCrossed(trade.side, *trade.stop_loss, quote.last);
    const absl::StatusOr<Exit> exit = PriceExit(slot, quote, now);
    // A tick from before the fill is no reason to close it, and a result that cannot be held waits for a price that
    // can.
    if (quote.time < trade.quote_time || !exit.ok()) {
      Arm(slot);
      continue;
    }
    Close(*exit, stop ? ExitReason::kStopLoss : ExitReason::kTargetPrice, now, {.what = what}, batch);
  }
}

void Book::Activate(AccountState& state, const Trade& trade) {
  Slot slot = static_cast<Slot>(trades_.size());
  if (free_slots_.empty()) {
    trades_.push_back(trade);
  } else {
    slot = free_slots_.back();
    free_slots_.pop_back();
    trades_[slot] = trade;
  }
  slot_of_[trade.trade_id] = slot;
  state.active.push_back(slot);
  Arm(slot);
}

void Book::Arm(Slot slot) {
  const Trade& trade = trades_[slot];
  const bool is_long = trade.side == Side::kBuy;
  triggers_.Arm(SymbolIdOf(trade.symbol), slot, is_long ? trade.stop_loss : trade.target_price,
                is_long ? trade.target_price : trade.stop_loss);
}

TriggerIndex::SymbolId Book::SymbolIdOf(const std::string& symbol) {
  return symbol_ids_.try_emplace(symbol, static_cast<TriggerIndex::SymbolId>(symbol_ids_.size())).first->second;
}

const RememberedReply* Book::FindReply(std::int64_t user_id, const std::string& key) const {
  const auto found = replies_.find(ReplyKey(user_id, key));
  return found == replies_.end() ? nullptr : &found->second;
}

void Book::Remember(const RememberedReply& reply, Batch& batch) {
  Keep(reply);
  batch.Append(reply);
  while (reply.created_at - replies_.at(reply_order_.front()).created_at > options_.replies_kept) {
    replies_.erase(reply_order_.front());
    reply_order_.pop_front();
  }
}

void Book::Keep(const RememberedReply& reply) {
  const std::string key = ReplyKey(reply.user_id, reply.key);
  replies_[key] = reply;
  reply_order_.push_back(key);
}

}  // namespace papertape::trade_engine

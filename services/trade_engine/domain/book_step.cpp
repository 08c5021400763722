#include "services/trade_engine/domain/book_step.h"

#include "services/trade_engine/domain/posting.h"

namespace papertape::trade_engine {

void BookStep::Move(LedgerBook from, LedgerBook to, Money amount, std::string_view trade_id) {
  if (amount.is_zero()) return;
  Post(account_, from, to, amount);
  batch_.Append(Transfer{.user_id = account_.user_id,
                         .account_seq = account_.last_seq,
                         .line = ++lines_,
                         .from = from,
                         .to = to,
                         .amount = amount,
                         .trade_id = std::string(trade_id),
                         .created_at = now_});
}

void BookStep::Record(const Trade& trade, const Quote& quote, Side side, bool opens, Price price, Money fee,
                      Money realized_pnl) {
  opens ? batch_.Make(trade) : batch_.Change(trade);
  batch_.Append(Order{.user_id = trade.user_id,
                      .account_seq = account_.last_seq,
                      .order_id = ids_.Next(),
                      .trade_id = trade.trade_id,
                      .symbol = trade.symbol,
                      .side = side,
                      .opens = opens,
                      .quantity = trade.quantity,
                      .price = price,
                      .fee = fee,
                      .realized_pnl = realized_pnl,
                      .quote = quote,
                      .created_at = now_});
}

void BookStep::Publish(EventKind kind, std::optional<Trade> trade) {
  kind == EventKind::kAccountOpened ? batch_.Make(account_) : batch_.Change(account_);
  batch_.Append(Event{.event_id = ids_.Next(),
                      .kind = kind,
                      .account_seq = account_.last_seq,
                      .account = account_,
                      .trade = std::move(trade),
                      .request_id = std::string(cause_.request_id),
                      .time = now_,
                      .cause = std::string(cause_.what)});
}

void BookStep::Publish(const Trade& trade, Adjustment adjustment) {
  const bool is_split = std::holds_alternative<Split>(adjustment.terms);
  const LedgerBook source = is_split ? LedgerBook::kPnl : LedgerBook::kDividends;
  if (adjustment.amount > Money()) Move(source, LedgerBook::kCash, adjustment.amount, trade.trade_id);
  if (adjustment.amount < Money()) Move(LedgerBook::kCash, source, -adjustment.amount, trade.trade_id);
  adjustment.account_seq = account_.last_seq;
  batch_.Change(account_);
  batch_.Change(trade);
  batch_.Append(adjustment);
  batch_.Append(Event{.event_id = ids_.Next(),
                      .kind = is_split ? EventKind::kSplitApplied : EventKind::kDividendPaid,
                      .account_seq = account_.last_seq,
                      .account = account_,
                      .trade = trade,
                      .request_id = std::string(cause_.request_id),
                      .time = now_,
                      .cause = std::string(cause_.what),
                      .adjustment = std::move(adjustment)});
}

}  // namespace papertape::trade_engine

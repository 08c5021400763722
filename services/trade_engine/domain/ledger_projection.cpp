#include "services/trade_engine/domain/ledger_projection.h"

#include "fmt/format.h"
#include "libs/status/status.h"
#include "services/trade_engine/domain/posting.h"

namespace papertape::trade_engine {

absl::Status LedgerProjection::Apply(const EventRecord& record) {
  const Event& event = record.event;
  if (event.kind == EventKind::kAccountOpened || event.kind == EventKind::kAccountCarriedOver) {
    Begin(event);
  } else if (events_ == 0 || event.account_seq != account_.last_seq + 1) {
    return Error(Reason::kINTERNAL,
                 fmt::format("event {} does not follow event {}", event.account_seq, account_.last_seq));
  }
  Fold(record);
  ++events_;
  const Account& told = event.account;
  if (account_.available != told.available || account_.utilized != told.utilized ||
      account_.realized_pnl != told.realized_pnl) {
    return Error(Reason::kINTERNAL,
                 fmt::format("event {} tells of figures that its transfers do not make", event.account_seq));
  }
  return absl::OkStatus();
}

void LedgerProjection::Begin(const Event& event) {
  account_ = event.account;
  if (event.kind == EventKind::kAccountCarriedOver) {
    carried_over_at_ = event.time;
    return;
  }
  account_.deposit = account_.available = account_.utilized = account_.realized_pnl = Money();
}

void LedgerProjection::Fold(const EventRecord& record) {
  const Event& event = record.event;
  account_.last_seq = event.account_seq;
  // Being carried over changes nothing of the account.
  if (event.kind != EventKind::kAccountCarriedOver) account_.updated_at = event.time;
  for (const Transfer& transfer : record.transfers) {
    Post(account_, transfer.from, transfer.to, transfer.amount);
    transfers_.push_back(transfer);
  }
  if (record.order) orders_.push_back(*record.order);
  if (record.order && record.order->opens) ++account_.total_trades;
  if (!event.trade) return;
  if (const std::optional<Money> pnl = PnlBefore(record)) {
    Count(*pnl, -1);
  }
  if (event.trade->pnl) Count(*event.trade->pnl, 1);
  trades_.insert_or_assign(event.trade->trade_id, *event.trade);
}

std::optional<Money> LedgerProjection::PnlBefore(const EventRecord& record) const {
  const Trade& trade = *record.event.trade;
  if (const auto known = trades_.find(trade.trade_id); known != trades_.end()) return known->second.pnl;
  // Closed before the log began: what an action paid it since is all that was added.
  if (!trade.pnl || record.order) return std::nullopt;
  Money before = *trade.pnl;
  for (const Transfer& transfer : record.transfers) {
    const std::int64_t paid = transfer.to == LedgerBook::kCash ? transfer.amount.micros() : -transfer.amount.micros();
    before = Money::FromMicros(before.micros() - paid);
  }
  return before;
}

void LedgerProjection::Count(Money pnl, std::int64_t step) {
  account_.closed_trades += step;
  if (pnl > Money()) account_.winning_trades += step;
  if (pnl < Money()) account_.losing_trades += step;
}

}  // namespace papertape::trade_engine

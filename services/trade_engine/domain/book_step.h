// One event of one account under construction: the money it moves, its number, its row in the batch. Every figure of an
// account changes here and nowhere else, by the transfer that the ledger keeps.
#pragma once

#include <optional>
#include <string_view>

#include "libs/ids/ids.h"
#include "services/trade_engine/domain/batch.h"

namespace papertape::trade_engine {

class BookStep {
 public:
  // `account` is changed in place. Everything must outlive the step.
  BookStep(Account& account, Timestamp now, const Cause& cause, IdSource& ids, Batch& batch)
      : account_(account), now_(now), cause_(cause), ids_(ids), batch_(batch) {
    ++account_.last_seq;
    account_.updated_at = now;
  }

  // Moves `amount` (nothing when 0). The sums were checked before the step began.
  void Move(LedgerBook from, LedgerBook to, Money amount, std::string_view trade_id);
  void Record(const Trade& trade, const Quote& quote, Side side, bool opens, Price price, Money fee,
              Money realized_pnl);
  // Ends the step: the account's new state and the event go into the batch.
  void Publish(EventKind kind, std::optional<Trade> trade);
  // The same for what a corporate action did to the trade; its number becomes that of the event.
  void Publish(const Trade& trade, Adjustment adjustment);

 private:
  Account& account_;
  const Timestamp now_;
  const Cause cause_;
  IdSource& ids_;
  Batch& batch_;
  int lines_ = 0;
};

}  // namespace papertape::trade_engine

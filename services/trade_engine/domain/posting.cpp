#include "services/trade_engine/domain/posting.h"

namespace papertape::trade_engine {
namespace {

void Adjust(Account& account, LedgerBook book, std::int64_t micros) {
  const auto add = [micros](Money& figure, std::int64_t sign) {
    figure = Money::FromMicros(figure.micros() + sign * micros);
  };
  switch (book) {
    case LedgerBook::kDeposit:
      return add(account.deposit, -1);
    case LedgerBook::kCash:
      return add(account.available, 1);
    case LedgerBook::kMargin:
      return add(account.utilized, 1);
    case LedgerBook::kPnl:
    case LedgerBook::kFees:
    case LedgerBook::kDividends:
      return add(account.realized_pnl, -1);
  }
}

}  // namespace

void Post(Account& account, LedgerBook from, LedgerBook to, Money amount) {
  Adjust(account, from, -amount.micros());
  Adjust(account, to, amount.micros());
}

}  // namespace papertape::trade_engine

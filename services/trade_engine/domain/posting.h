// What a transfer does to the figures of an account: each book of the ledger is one of them, or a part of one. Pure.
#pragma once

#include "services/trade_engine/domain/types.h"

namespace papertape::trade_engine {

// Takes from one book what it gives to the other. The caller has checked that the sums stay in range.
void Post(Account& account, LedgerBook from, LedgerBook to, Money amount);

}  // namespace papertape::trade_engine

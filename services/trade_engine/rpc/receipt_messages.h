// Receipts as messages.
#pragma once

#include "papertape/trade_engine/v1/trade_service.pb.h"
#include "services/trade_engine/domain/receipt.h"

namespace papertape::trade_engine {

// `account` names the models.
void Encode(const Receipt& receipt, const Account& account, v1::Receipt& out);

}  // namespace papertape::trade_engine

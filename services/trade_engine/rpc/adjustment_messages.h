// What corporate actions did to trades, as messages.
#pragma once

#include "papertape/trade_engine/v1/trade_service.pb.h"
#include "services/trade_engine/domain/corporate_action.h"

namespace papertape::trade_engine {

void Encode(const Adjustment& adjustment, v1::Adjustment& out);

}  // namespace papertape::trade_engine

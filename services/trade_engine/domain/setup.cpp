#include "services/trade_engine/domain/setup.h"

#include "libs/status/status.h"

namespace papertape::trade_engine {

absl::Status NoSuchSetup() { return Error(Reason::kNOT_FOUND, "There is no such setup."); }

}  // namespace papertape::trade_engine

// Builds trade_engine: config -> store and clients -> domain -> rpc.
#pragma once

#include "libs/rpc/host.h"

namespace papertape::trade_engine {

absl::Status Wire(service::Host& host);

}  // namespace papertape::trade_engine

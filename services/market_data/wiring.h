// Builds market_data: config -> store and clients -> domain -> rpc.
#pragma once

#include "libs/rpc/host.h"

namespace papertape::market {

absl::Status Wire(service::Host& host);

}  // namespace papertape::market

// Builds signal: config -> store -> domain -> rpc.
#pragma once

#include "libs/rpc/host.h"

namespace papertape::signal {

absl::Status Wire(service::Host& host);

}  // namespace papertape::signal

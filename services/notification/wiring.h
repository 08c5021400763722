// Builds notification: config -> store and clients -> domain -> rpc.
#pragma once

#include "libs/rpc/host.h"

namespace papertape::notification {

absl::Status Wire(service::Host& host);

}  // namespace papertape::notification

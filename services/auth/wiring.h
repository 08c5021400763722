// Builds auth: config -> store and clients -> domain -> rpc.
#pragma once

#include "libs/rpc/host.h"

namespace papertape::auth {

absl::Status Wire(service::Host& host);

}  // namespace papertape::auth

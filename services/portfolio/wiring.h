// Builds portfolio: config -> clients -> domain -> rpc.
#pragma once

#include "libs/rpc/host.h"

namespace papertape::portfolio {

absl::Status Wire(service::Host& host);

}  // namespace papertape::portfolio

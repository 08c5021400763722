// Setups <-> their messages.
#pragma once

#include "absl/status/statusor.h"
#include "papertape/trade_engine/v1/setup_service.pb.h"
#include "services/trade_engine/domain/setup.h"

namespace papertape::trade_engine {

absl::StatusOr<SetupText> Decode(const v1::CreateSetupRequest& request);
absl::StatusOr<SetupText> Decode(const v1::UpdateSetupRequest& request);
void Decode(const v1::Setup& kept, Setup& out);

void Encode(const Setup& setup, v1::Setup& out);

}  // namespace papertape::trade_engine

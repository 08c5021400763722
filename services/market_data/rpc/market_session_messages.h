// Sessions of the market on the wire.
#pragma once

#include "absl/status/statusor.h"
#include "papertape/market_data/v1/market_session_service.pb.h"
#include "services/market_data/domain/market_sessions.h"

namespace papertape::market {

namespace pb = market_data::v1;

// INVALID_ARGUMENT names every wrong field.
absl::StatusOr<ReplayRange> Decode(const pb::StartReplayRequest& request);
absl::StatusOr<std::int64_t> Decode(const pb::SetSessionSpeedRequest& request);
absl::StatusOr<SessionStep> Decode(const pb::StepSessionRequest& request);

void Encode(const SessionView& view, pb::MarketSession& out);

}  // namespace papertape::market

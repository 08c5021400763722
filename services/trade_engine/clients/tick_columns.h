// Reads the columns of a TickBatch. Pure.
#pragma once

#include <vector>

#include "absl/status/status.h"
#include "papertape/market_data/v1/tape_service.pb.h"
#include "services/trade_engine/domain/types.h"

namespace papertape::trade_engine {

// Appends the ticks of `batch` in order. Columns that do not fit together append nothing: INTERNAL.
absl::Status AppendTicks(const market_data::v1::TickBatch& batch, std::vector<Quote>& out);

}  // namespace papertape::trade_engine

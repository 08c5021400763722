// What may explain a jump of the price: splits that are recorded, splits that providers tell, and the bar that is
// recorded behind those which were said.
#pragma once

#include <vector>

#include "services/market_data/domain/bar_quality.h"
#include "services/market_data/domain/ingestion_ports.h"
#include "services/market_data/domain/ports.h"

namespace papertape::market {

struct JumpWitnesses {
  SplitHistory& splits;
  BarReader& bars;
};

// In that order. Providers are asked until `deadline`. What is passed in is referred to, and must outlive the check.
std::vector<Explain> ExplainJumps(const JumpWitnesses& witnesses, const Instrument& instrument, Instant deadline);

}  // namespace papertape::market

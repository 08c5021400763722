// How far trades were up and down on their way, in the database: of closed ones for good, and the extremes of the
// symbols with open ones, as of a position in the tape.
#pragma once

#include <cstdint>

#include "libs/pg/pool.h"
#include "services/trade_engine/domain/batch.h"
#include "services/trade_engine/domain/excursions.h"

namespace papertape::trade_engine {

KeptExtremes LoadExtremes(pg::Transaction& transaction, std::int64_t session);
// What of it a batch changes.
void WriteExcursions(pg::Transaction& transaction, const Batch& batch);

}  // namespace papertape::trade_engine

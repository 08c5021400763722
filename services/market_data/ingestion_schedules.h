// When market_data ingests by itself: in the evening, and again when providers have corrected what they said.
#pragma once

#include "libs/pg/pool.h"
#include "libs/rpc/host.h"
#include "libs/scheduler/scheduler.h"
#include "services/market_data/domain/ingestion.h"

namespace papertape::market {

// The scheduler, with a thread of its own.
scheduler::Scheduler& WireSchedules(service::Host& host, pg::Pool& pool, Ingestion& ingestion);

}  // namespace papertape::market

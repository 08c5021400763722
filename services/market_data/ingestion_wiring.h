// Ingestion, part of market_data: the worker's thread, its jobs, and what is asked of them.
#pragma once

#include "libs/pg/pool.h"
#include "libs/rpc/host.h"
#include "services/market_data/domain/ports.h"
#include "services/market_data/domain/provider_chain.h"

namespace papertape::market {

// Between the migrations and the market.
void WireIngestion(service::Host& host, pg::Pool& pool, InstrumentStore& instruments, BarStore& bars,
                   ActionStore& actions, ProviderChain& chain);

}  // namespace papertape::market

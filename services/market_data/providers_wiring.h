// The providers of the past, as the settings ask for them: their clients, their adapters, and the chain of them with
// the embedded one at its end.
#pragma once

#include <string>

#include "libs/rpc/host.h"
#include "services/market_data/domain/provider_chain.h"
#include "services/market_data/domain/split_quotes.h"
#include "services/market_data/store/pg_action_store.h"

namespace papertape::market {

// `market_files` is the embedded provider's directory; empty: it knows nothing.
ProviderChain& WireProviders(service::Host& host, const std::string& market_files);

// The thread that keeps corporate actions up to date, where there is a provider but the embedded one, and `splits` with
// them.
void WireActions(service::Host& host, PgActionStore& actions, ProviderChain& chain, AnnouncedSplits& splits);

}  // namespace papertape::market

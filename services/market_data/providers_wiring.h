// The providers that answer when they are asked, as the settings want them: their clients, their adapters, and the
// chain of them for the past, with the embedded one at its end.
#pragma once

#include <string>
#include <vector>

#include "libs/http/client.h"
#include "libs/rpc/host.h"
#include "services/market_data/domain/provider_chain.h"
#include "services/market_data/domain/split_quotes.h"
#include "services/market_data/store/pg_action_store.h"

namespace papertape::market {

// One that is set up. Whoever asks it, for the past or for live prices, keeps to one pace and one session.
struct AskedProvider {
  Provider& provider;
  http::Client& client;
  std::vector<http::Limit> limits;  // the client's
};

struct Providers {
  std::vector<AskedProvider> asked;  // in their order
  ProviderChain& chain;
};

// `market_files` is the embedded provider's directory; empty: it knows nothing.
Providers WireProviders(service::Host& host, const std::string& market_files);

// The thread that keeps corporate actions up to date, where there is a provider but the embedded one, and `splits` with
// them.
void WireActions(service::Host& host, PgActionStore& actions, ProviderChain& chain, AnnouncedSplits& splits);

}  // namespace papertape::market

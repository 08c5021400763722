// Wires live prices from providers: what is set up of Finnhub, Angel One and Yahoo, in the order of
// PAPERTAPE_PROVIDERS, before the embedded market.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "libs/rpc/host.h"
#include "services/market_data/domain/instrument.h"
#include "services/market_data/domain/ports.h"
#include "services/market_data/domain/quarantine.h"
#include "services/market_data/live_config.h"
#include "services/market_data/providers_wiring.h"

namespace papertape::market {

// Puts the providers before the embedded market; answers that alone where there is no provider.
using AddProviders = std::function<std::unique_ptr<QuoteSource>(std::unique_ptr<QuoteSource> embedded,
                                                                const std::vector<Instrument>& instruments)>;
struct Live {
  bool any_provider = false;
  AddProviders add_providers;
};
// `quarantine` takes what providers say that cannot be true; it is not waited for.
Live WireLive(service::Host& host, const LiveConfig& config, const Providers& providers, Quarantine& quarantine);

}  // namespace papertape::market

// Wires live prices from providers: what is set up of Finnhub and Angel One, in the order of PAPERTAPE_PROVIDERS,
// before the embedded market.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "libs/rpc/host.h"
#include "services/market_data/domain/instrument.h"
#include "services/market_data/domain/ports.h"
#include "services/market_data/domain/quarantine.h"
#include "services/market_data/live_config.h"

namespace papertape::market {

// Puts the providers before the embedded market; answers that alone where there is no provider.
using AddProviders = std::function<std::unique_ptr<QuoteSource>(std::unique_ptr<QuoteSource> embedded,
                                                                const std::vector<Instrument>& instruments)>;
// `quarantine` takes what providers say that cannot be true; it is not waited for.
AddProviders WireLive(service::Host& host, const LiveConfig& config, Quarantine& quarantine);

}  // namespace papertape::market

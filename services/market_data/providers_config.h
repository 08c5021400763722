// The settings of the providers of market data, read once at start.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "libs/config/settings.h"
#include "libs/http/pace.h"
#include "libs/http/url.h"
#include "services/market_data/clients/angel_one.h"

namespace papertape::market {

// How one provider is reached.
struct ProviderAccess {
  std::string name;
  std::string key;  // empty: none is needed
  http::BaseUrl base;
  std::vector<http::Limit> limits;
};

struct ProvidersConfig {
  std::vector<ProviderAccess> asked;      // those that answer when they are asked, in their order
  std::optional<AngelCredentials> angel;  // there when Angel One is among them
  std::string ca_file;                    // empty: the system's
};

// Notes mistakes in `settings`; no message holds a key.
ProvidersConfig ReadProvidersConfig(Settings& settings);

// The order of PAPERTAPE_PROVIDERS.
std::vector<std::string> ReadProviderOrder(Settings& settings);
// A provider's key: empty when it is not set, or `demo`. A mistake when it has characters that no header may hold.
std::string ReadProviderKey(Settings& settings, std::string_view name);
// A provider's address.
http::BaseUrl ReadProviderUrl(Settings& settings, std::string_view name, std::string_view fallback);

}  // namespace papertape::market

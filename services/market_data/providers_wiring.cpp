#include "services/market_data/providers_wiring.h"

#include <vector>

#include "fmt/format.h"
#include "libs/http/client.h"
#include "libs/ids/ids.h"
#include "libs/log/log.h"
#include "services/market_data/clients/embedded_provider.h"
#include "services/market_data/clients/polygon_provider.h"
#include "services/market_data/clients/tiingo_provider.h"
#include "services/market_data/clients/yahoo_provider.h"
#include "services/market_data/providers_config.h"

namespace papertape::market {
namespace {

http::Client& WireClient(service::Host& host, const ProvidersConfig& config, const ProviderAccess& access) {
  http::ClientOptions options{
      .name = access.name, .base = access.base, .ca_file = config.ca_file, .limits = access.limits};
  if (access.name == "yahoo") options.user_agent = kBrowserName;
  auto& client = host.Own<http::Client>(options, host.clock(), SystemRandom(), host.metrics());
  host.OnDrain([&client] { client.HangUp(); });
  return client;
}

Provider& WireProvider(service::Host& host, const ProviderAccess& access, http::Client& client) {
  if (access.name == "polygon") return host.Own<PolygonProvider>(client, access.key);
  if (access.name == "tiingo") return host.Own<TiingoProvider>(client, access.key);
  return host.Own<YahooProvider>(client, host.clock());
}

void NotePassedOver(const PassedOver& passed, std::string_view symbol) {
  log::Warning("passed over a provider",
               {{"provider", passed.provider}, {"symbol", symbol}, {"detail", MessageOf(passed.why)}});
}

}  // namespace

ProviderChain& WireProviders(service::Host& host, const std::string& market_files) {
  const ProvidersConfig config = ReadProvidersConfig(host.settings());
  std::vector<Provider*> providers;
  for (const ProviderAccess& access : config.history) {
    providers.push_back(&WireProvider(host, access, WireClient(host, config, access)));
  }
  providers.push_back(&host.Own<EmbeddedProvider>(market_files));
  auto& chain = host.Own<ProviderChain>(std::move(providers), host.clock(), NotePassedOver);
  log::Info("providers", {{"history", fmt::format("{}", fmt::join(chain.Names(), ", "))}});
  return chain;
}

}  // namespace papertape::market

#include "services/market_data/providers_wiring.h"

#include <chrono>
#include <vector>

#include "fmt/format.h"
#include "libs/events/repeating_thread.h"
#include "libs/http/client.h"
#include "libs/ids/ids.h"
#include "libs/log/log.h"
#include "libs/status/status.h"
#include "services/market_data/clients/angel_one.h"
#include "services/market_data/clients/embedded_provider.h"
#include "services/market_data/clients/polygon_provider.h"
#include "services/market_data/clients/tiingo_provider.h"
#include "services/market_data/clients/yahoo_provider.h"
#include "services/market_data/domain/action_keeper.h"
#include "services/market_data/providers_config.h"

namespace papertape::market {
namespace {

// Of one share, which may have to wait for its turn at the provider's pace.
constexpr std::chrono::seconds kActionsTimeout{60};

http::Client& WireClient(service::Host& host, const ProvidersConfig& config, const ProviderAccess& access) {
  http::ClientOptions options{
      .name = access.name, .base = access.base, .ca_file = config.ca_file, .limits = access.limits};
  if (access.name == "yahoo") options.user_agent = kBrowserName;
  if (access.name == "angelone") options.is_busy = IsAngelBusy;
  auto& client = host.Own<http::Client>(options, host.clock(), SystemRandom(), host.metrics());
  host.OnDrain([&client] { client.HangUp(); });
  host.AddDetail("providers", access.name, [&client] { return std::string(rpc::NameOf(client.breaker())); });
  return client;
}

Provider& WireProvider(service::Host& host, const ProvidersConfig& config, const ProviderAccess& access,
                       http::Client& client) {
  if (access.name == "polygon") return host.Own<PolygonProvider>(client, access.key);
  if (access.name == "tiingo") return host.Own<TiingoProvider>(client, access.key);
  if (access.name == "yahoo") return host.Own<YahooProvider>(client, host.clock());
  auto& session = host.Own<AngelSession>(client, *config.angel, host.clock());
  return host.Own<AngelOne>(session, host.clock());
}

void NotePassedOver(const PassedOver& passed, std::string_view symbol) {
  log::Warning("passed over a provider",
               {{"provider", passed.provider}, {"symbol", symbol}, {"detail", MessageOf(passed.why)}});
}

void NoteAsked(const ActionKeeper::Asked& asked) {
  if (asked.status.ok()) {
    log::Info("corporate actions", {{"symbol", asked.symbol}, {"source", asked.source}, {"changed", asked.changed}});
  } else {
    log::Warning("no corporate actions", {{"symbol", asked.symbol}, {"detail", MessageOf(asked.status)}});
  }
}

}  // namespace

Providers WireProviders(service::Host& host, const std::string& market_files) {
  const ProvidersConfig config = ReadProvidersConfig(host.settings());
  std::vector<AskedProvider> asked;
  std::vector<Provider*> history;
  for (const ProviderAccess& access : config.asked) {
    auto& client = WireClient(host, config, access);
    asked.push_back(
        {.provider = WireProvider(host, config, access, client), .client = client, .limits = access.limits});
    history.push_back(&asked.back().provider);
  }
  history.push_back(&host.Own<EmbeddedProvider>(market_files));
  auto& chain = host.Own<ProviderChain>(std::move(history), host.clock(), NotePassedOver);
  log::Info("providers", {{"history", fmt::format("{}", fmt::join(chain.Names(), ", "))}});
  return {.asked = std::move(asked), .chain = chain};
}

void WireActions(service::Host& host, PgActionStore& actions, ProviderChain& chain, AnnouncedSplits& splits) {
  const auto know_splits = [&actions, &splits]() -> absl::Status {
    PT_ASSIGN_OR_RETURN(const std::vector<AnnouncedSplit> announced, actions.Announced());
    splits.Know(announced);
    return absl::OkStatus();
  };
  host.AddPart("announced splits", know_splits, [] {});
  // The embedded market alone knows none.
  if (chain.Names().size() == 1) return;
  auto& keeper = host.Own<ActionKeeper>(ActionKeeper::Ports{.actions = actions, .chain = chain, .clock = host.clock()},
                                        kActionsTimeout, NoteAsked);
  auto& thread = host.Own<events::RepeatingThread>(
      "corporate actions", [&keeper, know_splits]() -> absl::StatusOr<events::RepeatingThread::Rest> {
        PT_ASSIGN_OR_RETURN(const std::chrono::milliseconds rest, keeper.Step());
        PT_RETURN_IF_ERROR(know_splits());
        return events::RepeatingThread::Rest(rest);
      });
  host.AddThread("corporate actions", thread);
}

}  // namespace papertape::market

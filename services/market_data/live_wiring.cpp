#include "services/market_data/live_wiring.h"

#include <prometheus/counter.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <optional>
#include <utility>

#include "libs/http/client.h"
#include "libs/ids/ids.h"
#include "libs/log/log.h"
#include "libs/rpc/metrics.h"
#include "services/market_data/clients/angel_one.h"
#include "services/market_data/clients/finnhub.h"
#include "services/market_data/clients/finnhub_stream.h"
#include "services/market_data/domain/live_market.h"
#include "services/market_data/domain/polled_quotes.h"
#include "services/market_data/store/queued_quarantine.h"

namespace papertape::market {
namespace {

using namespace std::chrono_literals;
using Sources = std::vector<std::unique_ptr<LiveSource>>;
using MakeSources = std::function<void(const std::vector<Instrument>& instruments, Sources& sources)>;

std::vector<std::string> SymbolsFor(const Provider& provider, const std::vector<Instrument>& instruments) {
  std::vector<std::string> symbols;
  for (const Instrument& instrument : instruments) {
    if (instrument.active && provider.Can(Ability::kQuote, instrument)) symbols.push_back(instrument.symbol);
  }
  return symbols;
}

PolledQuotes::Observer CountAnswers(rpc::Metrics& metrics, const std::string& provider) {
  const auto counter = [&](const char* outcome) {
    return &metrics.Counter("papertape_live_answers_total", "Answers of providers that were asked for live prices.",
                            {{"provider", provider}, {"outcome", outcome}});
  };
  return [answered = counter("quotes"), failed = counter("none")](const absl::Status& outcome) {
    (outcome.ok() ? answered : failed)->Increment();
  };
}

FinnhubStream::Observer CountStream(rpc::Metrics& metrics) {
  const auto counter = [&](const char* event) {
    return &metrics.Counter("papertape_live_stream_events_total", "What happened to the streams of providers.",
                            {{"provider", "finnhub"}, {"event", event}});
  };
  using Event = FinnhubStream::Event;
  const std::map<Event, prometheus::Counter*> counters{{Event::kConnected, counter("connected")},
                                                       {Event::kLost, counter("lost")},
                                                       {Event::kRefused, counter("refused")},
                                                       {Event::kGivenUp, counter("symbol_given_up")},
                                                       {Event::kUnreadable, counter("unreadable")}};
  return [counters](Event event) { counters.at(event)->Increment(); };
}

// Its stream first; until a symbol has traded there, and for those that the stream has no room for, its quotes.
MakeSources WireFinnhub(service::Host& host, const LiveConfig& config) {
  const Clock& clock = host.clock();
  auto& client = host.Own<http::Client>(http::ClientOptions{.name = "finnhub",
                                                            .base = config.finnhub,
                                                            .ca_file = config.ca_file,
                                                            .limits = FinnhubLimits(config.finnhub_per_minute)},
                                        clock, SystemRandom(), host.metrics());
  host.AddDetail("providers", "finnhub", [&client] { return std::string(rpc::NameOf(client.breaker())); });
  auto& finnhub = host.Own<Finnhub>(client, config.finnhub_key);
  return [&host, &clock, &client, &finnhub, config](const std::vector<Instrument>& instruments, Sources& sources) {
    const std::vector<std::string> symbols = SymbolsFor(finnhub, instruments);
    if (config.finnhub_stream_symbols > 0) {
      sources.push_back(
          std::make_unique<FinnhubStream>(FinnhubStream::Options{.address = config.finnhub_stream,
                                                                 .key = config.finnhub_key,
                                                                 .ca_file = config.ca_file,
                                                                 .symbols = symbols,
                                                                 .most_symbols = config.finnhub_stream_symbols,
                                                                 .speaks_for = config.silence},
                                          SystemRandom(), CountStream(host.metrics()), clock));
    }
    // Evenly over the minute.
    const std::chrono::milliseconds every(60'000 / config.finnhub_per_minute);
    sources.push_back(std::make_unique<PolledQuotes>(
        PolledQuotes::Options{.symbols = symbols, .every = every, .silence = std::max(config.silence, 3 * every)},
        finnhub, [&client] { client.HangUp(); }, CountAnswers(host.metrics(), "finnhub"), clock));
  };
}

// How a provider that is asked for the past as well is asked for live prices.
struct Turns {
  std::size_t at_once = 1;
  std::chrono::milliseconds every;
};

std::optional<Turns> TurnsOf(const AskedProvider& asked) {
  // The limits of an hour allow one about every second.
  if (asked.provider.name() == "angelone") return Turns{AngelOne::kMostAtOnce, std::chrono::milliseconds(1'200)};
  if (asked.provider.name() == "yahoo") {
    // Half of its requests are left for the past.
    const http::Limit& limit = asked.limits.front();
    const std::chrono::milliseconds every(limit.requests > 0 ? 2 * limit.window / limit.requests : 0s);
    return Turns{1, std::max<std::chrono::milliseconds>(every, 1s)};
  }
  return std::nullopt;
}

MakeSources WireInTurn(service::Host& host, const LiveConfig& config, const AskedProvider& asked, const Turns& turns) {
  return [&host, &provider = asked.provider, &client = asked.client, turns, silence = config.silence](
             const std::vector<Instrument>& instruments, Sources& sources) {
    sources.push_back(std::make_unique<PolledQuotes>(
        PolledQuotes::Options{.symbols = SymbolsFor(provider, instruments),
                              .at_once = turns.at_once,
                              .every = turns.every,
                              .silence = std::max(silence, 3 * turns.every)},
        provider, [&client] { client.HangUp(); }, CountAnswers(host.metrics(), std::string(provider.name())),
        host.clock()));
  };
}

LiveMarket::Observer TellChanges(rpc::Metrics& metrics) {
  auto& changes = metrics.Counter("papertape_live_speaker_changes_total",
                                  "How often another source began to be heard for a symbol.");
  return [&changes](const std::string& symbol, std::string_view from, std::string_view to) {
    changes.Increment();
    log::Info("another source is heard", {{"symbol", symbol}, {"from", from}, {"to", to}});
  };
}

QueuedQuarantine::Observer CountSuspects(rpc::Metrics& metrics) {
  return [&metrics](const Suspect& suspect, bool kept) {
    metrics
        .Counter("papertape_suspect_quotes_total", "Quotes of providers that cannot be true, by the reason.",
                 {{"provider", suspect.source}, {"reason", std::string(SuspicionName(suspect.suspicion))}})
        .Increment();
    if (kept) return;
    metrics.Counter("papertape_suspect_quotes_dropped_total", "Suspect quotes that the quarantine had no room for.")
        .Increment();
  };
}

}  // namespace

Live WireLive(service::Host& host, const LiveConfig& config, const Providers& providers, Quarantine& quarantine) {
  std::vector<MakeSources> makers;
  for (const std::string& name : config.order) {
    if (name == "finnhub" && !config.finnhub_key.empty()) makers.push_back(WireFinnhub(host, config));
    for (const AskedProvider& asked : providers.asked) {
      const std::optional<Turns> turns = asked.provider.name() == name ? TurnsOf(asked) : std::nullopt;
      if (turns) makers.push_back(WireInTurn(host, config, asked, *turns));
    }
  }
  if (makers.empty()) {
    return {.add_providers = [](std::unique_ptr<QuoteSource> embedded, const auto&) { return embedded; }};
  }
  auto& queue = host.Own<QueuedQuarantine>(quarantine, CountSuspects(host.metrics()));
  host.AddThread("quarantine", queue);
  const auto add = [&host, &queue, makers = std::move(makers), config](std::unique_ptr<QuoteSource> embedded,
                                                                       const std::vector<Instrument>& instruments) {
    Sources sources;
    for (const MakeSources& make : makers) make(instruments, sources);
    std::vector<std::string> symbols;
    for (const Instrument& instrument : instruments) symbols.push_back(instrument.symbol);
    if (!config.embedded_last) embedded.reset();
    return std::make_unique<LiveMarket>(
        LiveMarket::Options{.guard = {.jump_percent = config.jump_percent}, .patience = config.silence},
        std::move(sources), std::move(embedded), std::move(symbols), queue, TellChanges(host.metrics()));
  };
  return {.any_provider = true, .add_providers = add};
}

}  // namespace papertape::market

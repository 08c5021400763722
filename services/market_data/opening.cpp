#include "services/market_data/opening.h"

#include <string>
#include <utility>

#include "fmt/format.h"
#include "libs/log/log.h"
#include "libs/status/status.h"
#include "services/market_data/domain/replayer.h"
#include "services/market_data/domain/simulator.h"

namespace papertape::market {

Opening::Opening(const Config& config, const Ports& ports, QuoteFeed::Listener listener)
    : config_(config), ports_(ports), listener_(std::move(listener)) {}

absl::Status Opening::Start() {
  PT_ASSIGN_OR_RETURN(const EmbeddedMarket market, LoadEmbeddedMarket());
  PT_ASSIGN_OR_RETURN(const std::vector<Instrument> instruments, ports_.instruments.All());
  std::vector<std::string> symbols;
  symbols.reserve(instruments.size());
  for (const Instrument& instrument : instruments) symbols.push_back(instrument.symbol);
  ports_.book.Admit(symbols);
  if (ports_.admit) ports_.admit(instruments);

  PT_ASSIGN_OR_RETURN(source_, MakeSource(market));
  if (ports_.add_providers) source_ = ports_.add_providers(std::move(source_), instruments);
  ports_.tape.Hear(*source_);
  feed_ = std::make_unique<QuoteFeed>(ports_.tape, ports_.book, ports_.publisher, listener_, ports_.market);
  ports_.tape.OnNews([this] { feed_->Wake(); });
  if (ports_.resume) PT_RETURN_IF_ERROR(ports_.resume());
  feed_->Start();
  return absl::OkStatus();
}

void Opening::Stop() {
  if (feed_ != nullptr) feed_->Stop();
}

absl::StatusOr<EmbeddedMarket> Opening::LoadEmbeddedMarket() {
  if (config_.market_files.empty()) {
    log::Warning("no embedded market: PAPERTAPE_MARKET_FILES is not set; there are no recorded bars");
    return EmbeddedMarket();
  }
  const Instant began = ports_.clock.Steady();
  absl::StatusOr<EmbeddedMarket> market = ReadEmbeddedMarket(config_.market_files);
  if (!market.ok() && ReasonOf(market.status()) == Reason::kNOT_FOUND) {
    log::Warning("no embedded market; there are no recorded bars", {{"detail", MessageOf(market.status())}});
    return EmbeddedMarket();
  }
  PT_RETURN_IF_ERROR(market.status());
  PT_ASSIGN_OR_RETURN(const std::int64_t added,
                      ports_.bars.AddMissing(kSp500Symbol, Interval::kDay, market->sp500, kEmbeddedSource));
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(ports_.clock.Steady() - began);
  log::Info("embedded market", {{"symbol", kSp500Symbol},
                                {"bars", std::uint64_t{market->sp500.size()}},
                                {"added", added},
                                {"took_ms", std::int64_t{took.count()}}});
  return market;
}

absl::StatusOr<std::unique_ptr<QuoteSource>> Opening::MakeSource(const EmbeddedMarket& market) {
  if (config_.replay) {
    PT_ASSIGN_OR_RETURN(std::vector<Bar> bars, ReadBarFile(config_.replay_file));
    const std::string symbol = SymbolOfFile(config_.replay_file);
    if (!ports_.book.Find(symbol)) {
      return Error(Reason::kUNKNOWN_SYMBOL,
                   fmt::format("{}: the file is named after no instrument", config_.replay_file));
    }
    log::Info("replaying", {{"symbol", symbol}, {"bars", std::uint64_t{bars.size()}}, {"speed", config_.replay_speed}});
    return std::make_unique<Replayer>(
        Replayer::Options{.symbol = symbol, .speed = config_.replay_speed, .heartbeat = config_.simulator.interval},
        std::move(bars));
  }
  PT_ASSIGN_OR_RETURN(std::vector<Simulation> simulations, ports_.instruments.Simulations());
  for (Simulation& simulation : simulations) {
    const auto anchor = market.anchors.find(simulation.symbol);
    if (anchor == market.anchors.end()) continue;
    simulation.base_price = anchor->second.last_close;
    if (anchor->second.daily_volatility > 0) simulation.daily_volatility = anchor->second.daily_volatility;
  }
  log::Info("simulating", {{"symbols", std::uint64_t{simulations.size()}}, {"seed", config_.simulator.seed}});
  Simulator::Recordings recordings;
  if (!market.sp500.empty()) recordings.emplace(kSp500Symbol, market.sp500);
  return std::make_unique<Simulator>(config_.simulator, simulations, recordings);
}

}  // namespace papertape::market

// Opening the market: what happens once at start, after the migrations and before the first call. Loads the embedded
// bars, admits the instruments to the book, makes the quote source that the settings ask for and starts the feed.
// Not thread-safe.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "libs/clock/clock.h"
#include "services/market_data/clients/market_files.h"
#include "services/market_data/config.h"
#include "services/market_data/domain/ports.h"
#include "services/market_data/domain/quote_book.h"
#include "services/market_data/domain/quote_feed.h"

namespace papertape::market {

class Opening {
 public:
  struct Ports {
    InstrumentStore& instruments;
    BarStore& bars;
    QuoteBook& book;
    TickPublisher& publisher;
    const Clock& clock;
    MarketTape& tape;
    MarketClock& market;
    // Puts providers before the embedded market; absent: there are none.
    std::function<std::unique_ptr<QuoteSource>(std::unique_ptr<QuoteSource> embedded,
                                               const std::vector<Instrument>& instruments)>
        add_providers = {};
    // Takes up the session that is stored, before the first quote: a restart must not tell live prices in between.
    std::function<absl::Status()> resume = {};
    std::function<void(const std::vector<Instrument>&)> admit = {};  // told of the instruments before the first quote
  };
  Opening(const Config& config, const Ports& ports, QuoteFeed::Listener listener);

  absl::Status Start();
  void Stop();

 private:
  absl::StatusOr<EmbeddedMarket> LoadEmbeddedMarket();
  absl::StatusOr<std::unique_ptr<QuoteSource>> MakeSource(const EmbeddedMarket& market);

  const Config config_;
  const Ports ports_;
  const QuoteFeed::Listener listener_;
  std::unique_ptr<QuoteSource> source_;
  std::unique_ptr<QuoteFeed> feed_;
};

}  // namespace papertape::market

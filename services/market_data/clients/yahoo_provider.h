// Yahoo Finance's chart, which is nobody's promise: daily and intraday bars of shares and indices, American and Indian.
// What it calls prices is adjusted for every split up to today; they are handed over as they were traded, by the splits
// that it tells itself. Quotes of Indian indices, which are late. Thread-safe.
#pragma once

#include <string>
#include <vector>

#include "libs/clock/clock.h"
#include "libs/http/client.h"
#include "libs/json/document.h"
#include "services/market_data/domain/provider.h"

namespace papertape::market {

// Without a browser's name it answers 429 at once.
inline constexpr char kBrowserName[] =
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36";

class YahooProvider : public Provider {
 public:
  // `client` calls itself kBrowserName.
  YahooProvider(http::Client& client, const Clock& clock) : client_(client), clock_(clock) {}

  [[nodiscard]] std::string_view name() const override { return client_.name(); }
  [[nodiscard]] bool Can(Ability ability, const Instrument& instrument) const override;
  absl::StatusOr<ProvidedBars> Bars(const BarRequest& request, Instant deadline) override;
  absl::StatusOr<std::vector<CorporateAction>> Actions(const std::string& symbol, Timestamp from, Timestamp until,
                                                       Instant deadline) override;
  // One request a symbol. Symbols that it does not know are left out; UNKNOWN_SYMBOL when it knows none of them.
  absl::StatusOr<std::vector<Quote>> Quotes(const std::vector<std::string>& symbols, Instant deadline) override;

 private:
  // From `from` up to now: later splits have changed earlier prices.
  absl::StatusOr<json::Document> Chart(const std::string& symbol, std::string_view interval, Timestamp from,
                                       Instant deadline);

  http::Client& client_;
  const Clock& clock_;
};

}  // namespace papertape::market

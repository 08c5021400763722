// Angel One's SmartAPI as a provider: quotes, fifty at once, and candles of what trades at NSE and BSE. It calls
// instruments by tokens: those of the indices are known, those of shares are asked for once. Thread-safe.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "libs/clock/clock.h"
#include "services/market_data/clients/angel_session.h"
#include "services/market_data/domain/provider.h"

namespace papertape::market {

class AngelOne final : public Provider {
 public:
  static constexpr std::size_t kMostAtOnce = 50;

  AngelOne(AngelSession& session, const Clock& clock) : session_(session), clock_(clock) {}
  [[nodiscard]] std::string_view name() const override;
  [[nodiscard]] bool Can(Ability ability, const Instrument& instrument) const override;
  // Symbols that it does not know are left out; UNKNOWN_SYMBOL when it knows none of them.
  absl::StatusOr<std::vector<Quote>> Quotes(const std::vector<std::string>& symbols, Instant deadline) override;
  // Of any span: long ones are asked for in parts. An hour's bars begin at a quarter past, as the exchange opens.
  absl::StatusOr<ProvidedBars> Bars(const BarRequest& request, Instant deadline) override;

 private:
  struct Listing {
    std::string exchange;        // NSE or BSE
    std::string token;           // empty: there is no such thing
    std::string trading_symbol;  // such as SBIN-EQ
  };
  // PROVIDER_UNAVAILABLE while it may not be asked for.
  absl::StatusOr<Listing> ListingOf(const std::string& symbol, Instant deadline);
  absl::StatusOr<Listing> Search(const std::string& symbol, Instant deadline);
  absl::Status AskQuotes(const std::map<std::string, Listing>& listings, std::vector<Quote>& quotes, Instant deadline);
  absl::StatusOr<Quote> AskLast(const std::string& symbol, const Listing& listing, Instant deadline);
  absl::Status AskCandles(const Listing& listing, const BarRequest& request, Timestamp from, Timestamp until,
                          std::vector<Bar>& bars, Instant deadline);

  AngelSession& session_;
  const Clock& clock_;
  std::mutex mutex_;  // guards what follows
  std::map<std::string, Listing> listings_;
  std::optional<Instant> searched_at_;
};

// What one client code may ask, and six tenths of it, since pacing right at the limit still trips it.
std::vector<http::Limit> AngelLimits(std::int64_t per_second);

}  // namespace papertape::market

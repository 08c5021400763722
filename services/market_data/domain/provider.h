// A provider of market data: somebody outside who knows bars, companies, corporate actions or quotes. Each says what it
// can do, and is asked for nothing else. Adapters live in clients/; they translate symbols, units and errors.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "services/market_data/domain/bar.h"
#include "services/market_data/domain/corporate_action.h"
#include "services/market_data/domain/instrument.h"
#include "services/market_data/domain/quote.h"

namespace papertape::market {

enum class Ability {
  kDailyBars,
  kWholeDays,  // the daily bars of everything in one question
  kMinuteBars,
  kReference,         // names, exchanges, currencies
  kCorporateActions,  // splits and dividends
  kQuote,             // the newest price, on request
  kStream             // prices as they come (domain/ports.h, QuoteSource)
};

// Bars of one symbol, both ends inclusive.
struct BarRequest {
  std::string symbol;  // in the catalogue's form
  Interval interval = Interval::kDay;
  Timestamp from;
  Timestamp until;
};

// How prices of the past were told: what the adapter hands over says so, nobody guesses.
enum class Adjustment { kRaw, kSplits };

struct ProvidedBars {
  std::vector<Bar> bars;  // ascending; `adjusted_close` equals `close`: adjusting is ours, on reading
  Adjustment adjustment = Adjustment::kRaw;
};

// Thread-safe. Every call ends by `deadline`. Errors: PROVIDER_UNAVAILABLE (away, too slow, too many requests; metadata
// `provider`, and `retry_after` where it is known), PROVIDER_REFUSED (key or plan; metadata `provider`),
// UNKNOWN_SYMBOL (it says so; metadata `symbol`), PROVIDER_MALFORMED (its answer makes no sense; metadata `provider`).
// No error and no log line holds a key. No bars where nothing traded is an empty list, not an error.
class Provider {
 public:
  virtual ~Provider() = default;
  // As told in `source`: lower case, such as `polygon`.
  [[nodiscard]] virtual std::string_view name() const = 0;
  // Whether to ask it for this of that symbol at all, from what is known without asking.
  [[nodiscard]] virtual bool Can(Ability ability, const Instrument& instrument) const = 0;

  virtual absl::StatusOr<ProvidedBars> Bars(const BarRequest& request, Instant deadline);
  // The daily bars of everything that traded on `day`, by symbol, where one question tells them all.
  virtual absl::StatusOr<std::vector<std::pair<std::string, Bar>>> WholeDay(Timestamp day, Instant deadline);
  virtual absl::StatusOr<Instrument> Describe(const std::string& symbol, Instant deadline);
  virtual absl::StatusOr<std::vector<CorporateAction>> Actions(const std::string& symbol, Timestamp from,
                                                               Timestamp until, Instant deadline);
  virtual absl::StatusOr<std::vector<Quote>> Quotes(const std::vector<std::string>& symbols, Instant deadline);
};

}  // namespace papertape::market

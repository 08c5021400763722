// What the domain asks of the outside. Implementations live in store/ and are thread-safe.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "services/market_data/domain/bar.h"
#include "services/market_data/domain/instrument.h"
#include "services/market_data/domain/price_adjustment.h"
#include "services/market_data/domain/quote.h"
#include "services/market_data/domain/tape_batch.h"

namespace papertape::market {

class InstrumentStore {
 public:
  virtual ~InstrumentStore() = default;
  virtual absl::StatusOr<std::vector<Instrument>> All() = 0;
  virtual absl::StatusOr<std::vector<Simulation>> Simulations() = 0;
  virtual absl::StatusOr<InstrumentPage> List(const InstrumentFilter& filter) = 0;
};

class BarReader {
 public:
  virtual ~BarReader() = default;
  virtual absl::StatusOr<BarPage> List(const BarQuery& query) = 0;
};

// Bars as they were traded: `adjusting` and `as_of` of a query are passed over.
class BarStore : public BarReader {
 public:
  // Adds the bars that are not there yet and leaves those that are; the number added. `source` names who recorded them.
  virtual absl::StatusOr<std::int64_t> AddMissing(const std::string& symbol, Interval interval,
                                                  const std::vector<Bar>& bars, const std::string& source) = 0;
};

class ActionStore {
 public:
  virtual ~ActionStore() = default;
  // By ex-date.
  virtual absl::StatusOr<std::vector<KnownAction>> List(const std::string& symbol) = 0;
  // Adds what is new and corrects what is not as it was, and tells the other services of what is still to come, or was
  // a few days ago, all in one transaction; how many changed. `actions` is all that `source` knows of the symbol: one
  // of its announcements for after `now` that is not there any more is withdrawn, one of the past stays.
  virtual absl::StatusOr<std::int64_t> Write(const std::string& symbol, const std::vector<CorporateAction>& actions,
                                             const std::string& source, Timestamp now) = 0;
  // The listed share whose actions were asked for longest ago, and not since `before`.
  virtual absl::StatusOr<std::optional<Instrument>> NextToAsk(Timestamp before) = 0;
  virtual absl::Status MarkAsked(const std::string& symbol, Timestamp at) = 0;
};

// Where ticks are told to the other services.
class TickPublisher {
 public:
  virtual ~TickPublisher() = default;
  // Blocks for a bounded time. What cannot be published of the live market is dropped (and said in the log): a tick
  // that is late is worth nothing. Of a session it is kept, for the next call.
  virtual void Publish(const TapeBatch& batch) = 0;
  // Whether something is kept: a session is to go on when it has been told.
  [[nodiscard]] virtual bool IsBehind() const { return false; }
};

// Where quotes come from. Not thread-safe: one thread polls.
class QuoteSource {
 public:
  virtual ~QuoteSource() = default;
  // What there is new at `now`, oldest first.
  virtual std::vector<Quote> Poll(Timestamp now) = 0;
  // When to poll next, later than `now`.
  [[nodiscard]] virtual Timestamp NextAt(Timestamp now) const = 0;
};

}  // namespace papertape::market

// What the domain asks of the outside. Implementations live in store/ and are thread-safe.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "services/market_data/domain/bar.h"
#include "services/market_data/domain/instrument.h"
#include "services/market_data/domain/quote.h"

namespace papertape::market {

class InstrumentStore {
 public:
  virtual ~InstrumentStore() = default;
  virtual absl::StatusOr<std::vector<Instrument>> All() = 0;
  virtual absl::StatusOr<std::vector<Simulation>> Simulations() = 0;
  virtual absl::StatusOr<InstrumentPage> List(const InstrumentFilter& filter) = 0;
};

class BarStore {
 public:
  virtual ~BarStore() = default;
  virtual absl::StatusOr<BarPage> List(const BarQuery& query) = 0;
  // The newest daily bar; nothing when none is recorded.
  virtual absl::StatusOr<std::optional<Bar>> LastDaily(const std::string& symbol) = 0;
  // Adds the bars that are not there yet and leaves those that are; the number added. `source` names who recorded them.
  virtual absl::StatusOr<std::int64_t> AddMissing(const std::string& symbol, Interval interval,
                                                  const std::vector<Bar>& bars, const std::string& source) = 0;
};

// Where ticks are told to the other services.
class TickPublisher {
 public:
  virtual ~TickPublisher() = default;
  // One batch, oldest first. Blocks for a bounded time; what cannot be published is dropped (and said in the log):
  // a tick that is late is worth nothing.
  virtual void Publish(const std::vector<Quote>& batch) = 0;
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

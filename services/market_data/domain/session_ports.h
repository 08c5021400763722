// What sessions ask of the outside. Implementations live in store/ and are thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "services/market_data/domain/bar.h"
#include "services/market_data/domain/market_session.h"

namespace papertape::market {

class MarketSessionStore {
 public:
  virtual ~MarketSessionStore() = default;
  // The session that has not ended; nothing in the live market.
  virtual absl::StatusOr<std::optional<MarketSession>> Active() = 0;
  // Gives it the next number. CONFLICT while another has not ended.
  virtual absl::StatusOr<MarketSession> Open(const MarketSession& session) = 0;
  // Stores it under the next revision. CONFLICT unless the stored one has its revision.
  virtual absl::StatusOr<MarketSession> Change(const MarketSession& session) = 0;
  // It has been told up to there; never back.
  virtual absl::Status Advance(std::int64_t number, Timestamp clock) = 0;
};

// A symbol that has bars in some days.
struct RecordedSymbol {
  std::string symbol;
  std::string exchange;
  friend bool operator==(const RecordedSymbol&, const RecordedSymbol&) = default;
};

// What is recorded of a symbol on one day.
struct RecordedDay {
  std::string symbol;
  std::string exchange;
  std::vector<Bar> minutes;  // ascending
  std::optional<Bar> daily;
  Price previous_close;  // of the last day before, on the terms of this one (splits); zero when none is recorded
};

// The days that anything is recorded of.
struct RecordedRange {
  Timestamp first;
  Timestamp last;
};

class ReplayBars {
 public:
  virtual ~ReplayBars() = default;
  // By symbol; days are midnights in UTC, both inclusive.
  virtual absl::StatusOr<std::vector<RecordedSymbol>> Symbols(Timestamp first_day, Timestamp last_day) = 0;
  // By symbol; those with minutes or a daily bar.
  virtual absl::StatusOr<std::vector<RecordedDay>> On(Timestamp day) = 0;
  virtual absl::StatusOr<std::optional<RecordedRange>> Range() = 0;
};

}  // namespace papertape::market

// What the tape tells at once: ticks, and the market that they belong to. Values only.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <utility>
#include <vector>

#include "libs/clock/clock.h"
#include "services/market_data/domain/quote.h"

namespace papertape::market {

// A session of the market and its time.
struct MarketMoment {
  std::int64_t session = 0;        // 0: the live market
  std::optional<Timestamp> clock;  // absent in the live market, which has the machine's time
  // As the wire says it: microseconds since 1970, 0 in the live market.
  [[nodiscard]] std::int64_t ClockMicros() const { return clock ? MicrosSinceEpoch(*clock) : 0; }
  friend bool operator==(const MarketMoment&, const MarketMoment&) = default;
};

// A batch of the live market is its quotes; one of a session says the market's time after it, and without quotes it is
// a beat of that clock.
struct TapeBatch {
  TapeBatch() = default;
  TapeBatch(std::vector<Quote> told) : quotes(std::move(told)) {}
  TapeBatch(std::initializer_list<Quote> told) : quotes(told) {}
  TapeBatch(std::vector<Quote> told, const MarketMoment& at) : quotes(std::move(told)), moment(at) {}

  std::vector<Quote> quotes;  // oldest first
  MarketMoment moment;
};

// A batch on its way out. `recalled` is known from before and for the book alone: readers of the tape had it already.
struct TapeTurn {
  TapeBatch batch;
  std::vector<Quote> recalled;
};

}  // namespace papertape::market

// The tape of recorded days: what every symbol with a bar cost, moment by moment, in the market's time.
//
// A minute's bar, and where a symbol has no minutes of a day its daily bar, plays four prices over its length: the open
// at its beginning, then the extreme nearer to the open after a third, the other after two thirds, and the close a
// second before its end. Between them each price is repeated at every beat, from when it is made until its exchange
// closes, so that no quote grows stale in the market's time. A symbol without a bar of a day is not quoted on it.
// Nothing is told before its time: a day's bar is told as far as its prices have come.
//
// What is told when is a function of the bars and the beat alone. One day is in memory at a time. Not thread-safe.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "services/market_data/domain/quote.h"
#include "services/market_data/domain/session_ports.h"
#include "services/market_data/domain/trading_time.h"

namespace papertape::market {

// What is told at one moment.
struct TapeMoment {
  Timestamp time;
  std::vector<Quote> quotes;  // by symbol; none at a close
  bool any_price = false;     // not only repetitions
};

class ReplayTape {
 public:
  // `bars` outlives it.
  ReplayTape(TradingTime hours, ReplayBars& bars, std::chrono::microseconds beat);

  [[nodiscard]] const TradingTime& hours() const { return hours_; }
  // When the next moment is; nothing at the end. Fails when a day cannot be read, and can then be asked again.
  absl::StatusOr<std::optional<Timestamp>> NextAt();
  // The next moment. After NextAt has answered one.
  TapeMoment Take();
  // Passes over all moments up to and including `time`. The newest quote of each symbol of that day.
  absl::StatusOr<std::vector<Quote>> PassOver(Timestamp time);

 private:
  struct Symbol {
    std::string name;
    Price previous_close;
    std::vector<calendar::Span> hours;
    std::optional<Quote> newest;  // of this day
  };
  struct Event {
    Timestamp time;
    std::size_t symbol = 0;
    Price price;
  };

  absl::Status Load(Timestamp day);
  void AddBar(std::size_t symbol, const Bar& bar, const TradingTime& length);
  [[nodiscard]] const calendar::Span& stretch() const { return hours_.stretches()[stretch_]; }
  void Tell(Symbol& symbol, std::optional<Price> price, TapeMoment& moment);

  const TradingTime hours_;
  ReplayBars& bars_;
  const std::chrono::microseconds beat_;
  std::size_t stretch_ = 0;  // of hours_
  Timestamp next_beat_;      // the opening at first
  std::optional<Timestamp> loaded_;
  std::vector<Symbol> symbols_;  // of the loaded day
  std::vector<Event> events_;    // of the loaded day, by time and symbol
  std::size_t next_event_ = 0;
};

}  // namespace papertape::market

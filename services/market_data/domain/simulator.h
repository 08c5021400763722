// The simulated market: a quote of every symbol at every interval, round the clock, the same for the same seed.
//
// Everything is a function of (seed, symbol, day, step of the day): the simulator keeps no state that a restart could
// lose, and two processes with one seed say the same. Every quote's source is `simulator`.
// Not thread-safe.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "services/market_data/domain/day_path.h"
#include "services/market_data/domain/ports.h"
#include "services/market_data/domain/simulated_days.h"

namespace papertape::market {

class Simulator : public QuoteSource {
 public:
  struct Options {
    std::uint64_t seed = 1;
    std::chrono::milliseconds interval{250};  // between two quotes of a symbol; at most an hour
    double volatility = 1.0;                  // multiplies daily range, chop and jumps
    int jumps_per_day = 2;                    // sudden moves of each symbol
  };
  // Recorded daily bars by symbol, ascending; they drive the days of that symbol.
  using Recordings = std::map<std::string, std::vector<Bar>>;

  Simulator(const Options& options, const std::vector<Simulation>& instruments, const Recordings& recordings);

  // The quotes of the newest step at or before `now`, one a symbol; nothing when that step was polled before.
  // Steps that nobody polled in time are passed over: a market does not wait.
  std::vector<Quote> Poll(Timestamp now) override;
  [[nodiscard]] Timestamp NextAt(Timestamp now) const override;

 private:
  struct Today {
    std::int64_t number;
    Price previous_close;
    DayPath path;
  };
  struct Symbol {
    Simulation simulation;
    double day_volatility;
    Noise noise;
    SimulatedDays days;
    std::optional<Today> today;
  };
  void Turn(Symbol& symbol, std::int64_t day) const;
  [[nodiscard]] static Quote QuoteOf(const Symbol& symbol, Price price, Timestamp time);

  Options options_;
  std::int64_t steps_;  // a day
  std::vector<Symbol> symbols_;
  std::optional<Timestamp> polled_;
};

// The bar of one simulated day, for tests and for the curious.
DayBar SimulatedDay(const Simulator::Options& options, const Simulation& instrument, const std::vector<Bar>& recorded,
                    std::int64_t day);

}  // namespace papertape::market

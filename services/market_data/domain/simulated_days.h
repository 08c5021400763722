// The days of one simulated symbol: open, high, low and close of any day, from the seed alone.
//
// The close is base * exp(x): x is a mean-reverting (first-order autoregressive) sum of daily returns, cut off where
// older days weigh nothing, so that it is a function of the day and needs no history. The returns are draws, and then x
// stays within six daily volatilities; or, where recorded daily bars are given, the recorded returns in their order,
// with the recorded gaps and the recorded reach of high and low, wherever they lead. A day opens at the close of the
// day before unless a recorded gap says otherwise. Days follow each other without weekends: the simulator trades round
// the clock. Immutable, thread-safe.
#pragma once

#include <cstdint>
#include <vector>

#include "services/market_data/domain/bar.h"
#include "services/market_data/domain/day_path.h"
#include "services/market_data/domain/instrument.h"
#include "services/market_data/domain/noise.h"

namespace papertape::market {

class SimulatedDays {
 public:
  // `volatility` multiplies every daily move. `recorded` is empty or ascending daily bars.
  SimulatedDays(const Simulation& simulation, double volatility, const std::vector<Bar>& recorded, const Noise& noise);

  // `day` counts from 1970-01-01 UTC. All prices are positive multiples of the tick size.
  [[nodiscard]] DayBar Of(std::int64_t day) const;
  [[nodiscard]] Price CloseOf(std::int64_t day) const;

 private:
  // One recorded day, as logarithms: close over the former close, open over the former close, high over the larger and
  // low over the smaller of open and close.
  struct RecordedMove {
    double day_return;
    double gap;
    double above;
    double below;
  };
  [[nodiscard]] const RecordedMove* Recorded(std::int64_t day) const;
  [[nodiscard]] double DayReturn(std::int64_t day) const;
  [[nodiscard]] Price ToTick(double micros) const;

  Simulation simulation_;
  double volatility_;
  std::vector<RecordedMove> recorded_;
  Noise returns_;
  Noise reaches_;
};

}  // namespace papertape::market

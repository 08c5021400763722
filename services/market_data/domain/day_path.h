// One simulated day of one symbol: a price for every step of the day that begins at the open, touches the high and the
// low, ends at the close and never leaves them.
//
// The path is a Brownian bridge between those four points, made by midpoint displacement (Fournier, Fussell, Carpenter
// 1982): the value at a step follows from the values at the two ends of ever shorter spans, each displaced by a draw
// that belongs to the span's middle. So any step can be computed alone, in about log2(steps) draws, and a restart in
// the middle of the day continues the same path. Sudden moves are added within a span and taken back evenly over it;
// what would leave [low, high] is reflected at the boundary. Doubles are estimates on the way; prices leave rounded to
// the tick. Immutable, thread-safe.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "libs/money/money.h"
#include "services/market_data/domain/noise.h"

namespace papertape::market {

// low <= open, close <= high, all positive multiples of the tick size.
struct DayBar {
  Price open;
  Price high;
  Price low;
  Price close;
  friend bool operator==(const DayBar&, const DayBar&) = default;
};

class DayPath {
 public:
  struct Shape {
    double day_volatility = 0.01;  // standard deviation of a day's return
    double chop = 0.0005;          // least displacement over `chop_steps` and more: what a screen shows within seconds
    double chop_steps = 32;        // shorter spans move with the square root of time
    int jumps = 0;                 // sudden moves
    double jump_size = 0.004;      // of the price, typically
  };
  static constexpr std::int64_t kLeastSteps = 4;

  // `steps` >= kLeastSteps prices, numbered from 0.
  DayPath(const DayBar& day, Price tick_size, std::int64_t steps, const Shape& shape, const Noise& noise);

  // `step` in [0, steps).
  [[nodiscard]] Price At(std::int64_t step) const;

 private:
  struct Knot {
    std::int64_t step;
    double value;
  };
  struct Jump {
    std::int64_t step;
    double size;
  };
  [[nodiscard]] double Bridge(const Knot& left, const Knot& right, std::int64_t step) const;
  [[nodiscard]] double Jumps(const Knot& left, const Knot& right, std::int64_t step) const;
  [[nodiscard]] double Displacement(std::int64_t span) const;
  [[nodiscard]] double Reflect(double value) const;
  [[nodiscard]] Price ToTick(double value) const;

  DayBar day_;
  Price tick_size_;
  double steps_;
  Shape shape_;
  Noise noise_;
  std::array<Knot, 4> knots_{};
  std::vector<Jump> jumps_;
};

}  // namespace papertape::market

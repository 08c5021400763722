#include "services/market_data/domain/day_path.h"

#include <algorithm>
#include <cmath>

namespace papertape::market {
namespace {

double Value(Price price) { return static_cast<double>(price.micros()); }

}  // namespace

DayPath::DayPath(const DayBar& day, Price tick_size, std::int64_t steps, const Shape& shape, const Noise& noise)
    : day_(day), tick_size_(tick_size), steps_(static_cast<double>(steps)), shape_(shape), noise_(noise.For("path")) {
  const Noise plan = noise.For("plan");
  const std::int64_t last = steps - 1;
  // Two different steps strictly inside the day, in order; which extreme comes first is a coin.
  const auto inner = static_cast<double>(last - 1);
  auto first = 1 + static_cast<std::int64_t>(plan.Uniform(0) * inner);
  auto second = 1 + static_cast<std::int64_t>(plan.Uniform(1) * (inner - 1));
  if (second >= first) ++second;
  if (first > second) std::swap(first, second);
  const bool high_first = plan.Uniform(2) < 0.5;
  knots_ = {Knot{0, Value(day.open)}, Knot{first, Value(high_first ? day.high : day.low)},
            Knot{second, Value(high_first ? day.low : day.high)}, Knot{last, Value(day.close)}};

  const Noise sudden = noise.For("jumps");
  for (int i = 0; i < shape.jumps; ++i) {
    const auto step = 1 + static_cast<std::int64_t>(sudden.Uniform(3 * i) * inner);
    const double sign = sudden.Uniform(3 * i + 1) < 0.5 ? -1 : 1;
    const double size = shape.jump_size * (0.5 + sudden.Uniform(3 * i + 2));
    jumps_.push_back({step, sign * size * Value(day.open)});
  }
}

Price DayPath::At(std::int64_t step) const {
  for (std::size_t i = 0; i + 1 < knots_.size(); ++i) {
    const Knot& left = knots_[i];
    const Knot& right = knots_[i + 1];
    if (step == left.step) return ToTick(left.value);
    if (step < right.step) return ToTick(Reflect(Bridge(left, right, step) + Jumps(left, right, step)));
  }
  return day_.close;
}

double DayPath::Bridge(const Knot& left, const Knot& right, std::int64_t step) const {
  Knot a = left;
  Knot b = right;
  while (true) {
    const std::int64_t span = b.step - a.step;
    const std::int64_t middle = a.step + span / 2;
    const double share = static_cast<double>(middle - a.step) / static_cast<double>(span);
    const double value = a.value + (b.value - a.value) * share + Displacement(span) * noise_.Normal(middle);
    if (middle == step) return value;
    (step < middle ? b : a) = {middle, value};
  }
}

double DayPath::Jumps(const Knot& left, const Knot& right, std::int64_t step) const {
  double happened = 0;
  double all = 0;
  for (const Jump& jump : jumps_) {
    if (jump.step <= left.step || jump.step > right.step) continue;
    all += jump.size;
    if (jump.step <= step) happened += jump.size;
  }
  return happened - all * static_cast<double>(step - left.step) / static_cast<double>(right.step - left.step);
}

double DayPath::Displacement(std::int64_t span) const {
  // A bridge over a span of variance v has variance v / 4 in its middle.
  const double brownian = 0.5 * shape_.day_volatility * std::sqrt(static_cast<double>(span) / steps_);
  const double chop = shape_.chop * std::min(1.0, std::sqrt(static_cast<double>(span) / shape_.chop_steps));
  return std::max(brownian, chop) * Value(day_.open);
}

double DayPath::Reflect(double value) const {
  const double low = Value(day_.low);
  const double width = Value(day_.high) - low;
  if (width <= 0) return low;
  double offset = std::fmod(value - low, 2 * width);
  if (offset < 0) offset += 2 * width;
  return low + (offset > width ? 2 * width - offset : offset);
}

Price DayPath::ToTick(double value) const {
  const std::int64_t tick = tick_size_.micros();
  const std::int64_t micros = std::llround(value / static_cast<double>(tick)) * tick;
  return Price::FromMicros(std::clamp(micros, day_.low.micros(), day_.high.micros()));
}

}  // namespace papertape::market

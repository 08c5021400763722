#include "services/market_data/domain/simulated_days.h"

#include <algorithm>
#include <cmath>

namespace papertape::market {
namespace {

// How much of yesterday's distance from the base is left today; after kRemembered days less than 0.3 % of it is.
constexpr double kPersistence = 0.94;
constexpr int kRemembered = 96;
// The furthest that a drawn close may be from its base, in daily volatilities: an index near 25,000 stays near 25,000.
constexpr double kBand = 6;
// The furthest that a close may be from its base, and a high or low from the day's body, as logarithms: keeps any
// volatility setting inside positive, finite prices.
constexpr double kMaxDistance = 1.5;
constexpr double kMaxReach = 1.0;
constexpr std::int64_t kLeastTicks = 20;

double Log(Price numerator, Price denominator) {
  return std::log(static_cast<double>(numerator.micros()) / static_cast<double>(denominator.micros()));
}

}  // namespace

SimulatedDays::SimulatedDays(const Simulation& simulation, double volatility, const std::vector<Bar>& recorded,
                             const Noise& noise)
    : simulation_(simulation), volatility_(volatility), returns_(noise.For("returns")), reaches_(noise.For("reaches")) {
  for (std::size_t i = 1; i < recorded.size(); ++i) {
    const Bar& bar = recorded[i];
    const Price before = recorded[i - 1].close;
    recorded_.push_back({.day_return = Log(bar.close, before),
                         .gap = Log(bar.open, before),
                         .above = Log(bar.high, std::max(bar.open, bar.close)),
                         .below = Log(std::min(bar.open, bar.close), bar.low)});
  }
}

const SimulatedDays::RecordedMove* SimulatedDays::Recorded(std::int64_t day) const {
  if (recorded_.empty()) return nullptr;
  const auto count = static_cast<std::int64_t>(recorded_.size());
  return &recorded_[static_cast<std::size_t>(((day % count) + count) % count)];
}

double SimulatedDays::DayReturn(std::int64_t day) const {
  const RecordedMove* recorded = Recorded(day);
  return volatility_ *
         (recorded != nullptr ? recorded->day_return : simulation_.daily_volatility * returns_.Normal(day));
}

Price SimulatedDays::CloseOf(std::int64_t day) const {
  double distance = 0;
  for (int age = kRemembered; age >= 0; --age) distance = distance * kPersistence + DayReturn(day - age);
  if (recorded_.empty()) {
    const double square = std::pow(distance / (kBand * volatility_ * simulation_.daily_volatility), 2);
    distance /= std::sqrt(std::sqrt(1 + square * square));  // leaves what is near the base as it is
  }
  distance = std::clamp(distance, -kMaxDistance, kMaxDistance);
  return ToTick(static_cast<double>(simulation_.base_price.micros()) * std::exp(distance));
}

DayBar SimulatedDays::Of(std::int64_t day) const {
  const auto before = static_cast<double>(CloseOf(day - 1).micros());
  const RecordedMove* recorded = Recorded(day);
  // A range that the intraday path can show: never less than a third of a typical day's move to either side.
  const double least = simulation_.daily_volatility / 3;
  const double gap = recorded != nullptr ? recorded->gap : 0;
  const double above =
      recorded != nullptr ? recorded->above : least + 0.6 * simulation_.daily_volatility * reaches_.Uniform(2 * day);
  const double below = recorded != nullptr ? recorded->below
                                           : least + 0.6 * simulation_.daily_volatility * reaches_.Uniform(2 * day + 1);

  DayBar bar;
  bar.open = ToTick(before * std::exp(std::clamp(volatility_ * gap, -kMaxReach, kMaxReach)));
  bar.close = CloseOf(day);
  const auto body_high = static_cast<double>(std::max(bar.open, bar.close).micros());
  const auto body_low = static_cast<double>(std::min(bar.open, bar.close).micros());
  bar.high = std::max({ToTick(body_high * std::exp(std::min(volatility_ * above, kMaxReach))), bar.open, bar.close});
  bar.low = std::min({ToTick(body_low * std::exp(-std::min(volatility_ * below, kMaxReach))), bar.open, bar.close});
  return bar;
}

Price SimulatedDays::ToTick(double micros) const {
  const std::int64_t tick = simulation_.tick_size.micros();
  return Price::FromMicros(std::max<std::int64_t>(std::llround(micros / static_cast<double>(tick)), kLeastTicks) *
                           tick);
}

}  // namespace papertape::market

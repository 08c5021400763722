#include "services/market_data/domain/simulator.h"

#include <algorithm>
#include <cmath>

namespace papertape::market {
namespace {

constexpr std::chrono::microseconds kDay = std::chrono::hours(24);
// Within seconds a price wanders by about a tenth of a percent: less would make a paper trade with a near stop wait
// for minutes, and a demonstration is watched live.
constexpr double kChop = 0.0008;
constexpr std::chrono::milliseconds kChopSpan{4'000};
constexpr double kJumpSize = 0.003;
constexpr std::int64_t kHalfSpreadDivisor = 20'000;  // half a basis point to each side

Noise NoiseOf(const Simulator::Options& options, const std::string& symbol) { return Noise(options.seed).For(symbol); }

// Standard deviation of a day's recorded logarithmic return.
double VolatilityOf(const Simulation& simulation, const std::vector<Bar>& recorded) {
  if (recorded.size() < 3) return simulation.daily_volatility;
  double sum = 0;
  double squares = 0;
  for (std::size_t i = 1; i < recorded.size(); ++i) {
    const double move =
        std::log(static_cast<double>(recorded[i].close.micros()) / static_cast<double>(recorded[i - 1].close.micros()));
    sum += move;
    squares += move * move;
  }
  const auto count = static_cast<double>(recorded.size() - 1);
  return std::sqrt(std::max(squares / count - (sum / count) * (sum / count), 0.0));
}

}  // namespace

Simulator::Simulator(const Options& options, const std::vector<Simulation>& instruments, const Recordings& recordings)
    : options_(options), steps_((kDay + options.interval - std::chrono::microseconds(1)) / options.interval) {
  static const std::vector<Bar> kNothing;
  for (const Simulation& instrument : instruments) {
    const auto found = recordings.find(instrument.symbol);
    const std::vector<Bar>& recorded = found == recordings.end() ? kNothing : found->second;
    const Noise noise = NoiseOf(options, instrument.symbol);
    symbols_.push_back({instrument, VolatilityOf(instrument, recorded), noise,
                        SimulatedDays(instrument, options.volatility, recorded, noise), std::nullopt});
  }
}

std::vector<Quote> Simulator::Poll(Timestamp now) {
  const auto since_epoch = now.time_since_epoch();
  const auto day = std::chrono::floor<std::chrono::days>(now).time_since_epoch().count();
  const std::int64_t step = (since_epoch - std::chrono::days(day)) / options_.interval;
  const Timestamp time(std::chrono::days(day) + step * options_.interval);
  if (polled_ && time <= *polled_) return {};
  polled_ = time;

  std::vector<Quote> quotes;
  quotes.reserve(symbols_.size());
  for (Symbol& symbol : symbols_) {
    if (!symbol.today || symbol.today->number != day) Turn(symbol, day);
    quotes.push_back(QuoteOf(symbol, symbol.today->path.At(step), time));
  }
  return quotes;
}

Timestamp Simulator::NextAt(Timestamp now) const {
  const auto today = std::chrono::floor<std::chrono::days>(now);
  const auto next = ((now - today) / options_.interval + 1) * options_.interval;
  return std::min<Timestamp>(today + next, today + kDay);
}

void Simulator::Turn(Symbol& symbol, std::int64_t day) const {
  const double volatility = options_.volatility;
  const DayPath::Shape shape{
      .day_volatility = volatility * symbol.day_volatility,
      .chop = volatility * kChop,
      .chop_steps = std::max(1.0, static_cast<double>(kChopSpan / options_.interval)),
      .jumps = options_.jumps_per_day,
      .jump_size = volatility * kJumpSize,
  };
  symbol.today.emplace(
      Today{day, symbol.days.CloseOf(day - 1),
            DayPath(symbol.days.Of(day), symbol.simulation.tick_size, steps_, shape, symbol.noise.For(day))});
}

Quote Simulator::QuoteOf(const Symbol& symbol, Price price, Timestamp time) {
  Quote quote{.symbol = symbol.simulation.symbol,
              .price = price,
              .time = time,
              .previous_close = symbol.today->previous_close,
              .source = kSimulatorSource};
  if (!symbol.simulation.is_index) {
    const std::int64_t tick = symbol.simulation.tick_size.micros();
    const std::int64_t half = std::max(tick, price.micros() / kHalfSpreadDivisor / tick * tick);
    quote.bid = Price::FromMicros(price.micros() - half);
    quote.ask = Price::FromMicros(price.micros() + half);
  }
  return quote;
}

DayBar SimulatedDay(const Simulator::Options& options, const Simulation& instrument, const std::vector<Bar>& recorded,
                    std::int64_t day) {
  return SimulatedDays(instrument, options.volatility, recorded, NoiseOf(options, instrument.symbol)).Of(day);
}

}  // namespace papertape::market

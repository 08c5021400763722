#include "services/market_data/domain/replayer.h"

#include <algorithm>
#include <array>
#include <utility>

namespace papertape::market {
namespace {

// The shortest distance between two bars: longer ones are nights and holidays.
std::chrono::microseconds BarLength(const std::vector<Bar>& bars) {
  std::chrono::microseconds length = std::chrono::hours(24);
  for (std::size_t i = 1; i < bars.size(); ++i) length = std::min(length, bars[i].time - bars[i - 1].time);
  return length;
}

// The close of the last bar of an earlier day, for each bar; zero on the first day.
std::vector<Price> PreviousCloses(const std::vector<Bar>& bars) {
  std::vector<Price> closes(bars.size());
  for (std::size_t i = 1; i < bars.size(); ++i) {
    const bool same_day =
        std::chrono::floor<std::chrono::days>(bars[i].time) == std::chrono::floor<std::chrono::days>(bars[i - 1].time);
    closes[i] = same_day ? closes[i - 1] : bars[i - 1].close;
  }
  return closes;
}

std::array<Price, 4> PricesOf(const Bar& bar) {
  const std::int64_t to_high = bar.high.micros() - bar.open.micros();
  const std::int64_t to_low = bar.open.micros() - bar.low.micros();
  if (to_high < to_low) return {bar.open, bar.high, bar.low, bar.close};
  return {bar.open, bar.low, bar.high, bar.close};
}

}  // namespace

Replayer::Replayer(Options options, std::vector<Bar> bars)
    : options_(std::move(options)),
      bars_(std::move(bars)),
      previous_closes_(PreviousCloses(bars_)),
      quarter_(std::max(BarLength(bars_) / (4 * options_.speed), std::chrono::microseconds(1))) {}

std::vector<Quote> Replayer::Poll(Timestamp now) {
  if (!started_) started_ = now;
  std::vector<Quote> quotes;
  for (; next_ < Count() && TimeOf(next_) <= now; ++next_) quotes.push_back(QuoteOf(next_, TimeOf(next_)));
  if (quotes.empty() && now - quoted_ >= options_.heartbeat) quotes.push_back(QuoteOf(next_ - 1, now));
  if (!quotes.empty()) quoted_ = quotes.back().time;
  return quotes;
}

Timestamp Replayer::NextAt(Timestamp now) const {
  constexpr std::chrono::milliseconds kBatch{50};  // what falls into one window travels together
  Timestamp next = quoted_ + options_.heartbeat;
  if (next_ < Count() && started_) next = std::min(next, TimeOf(next_));
  return std::max<Timestamp>(next, now + kBatch);
}

Timestamp Replayer::TimeOf(std::int64_t index) const { return *started_ + index * quarter_; }

Quote Replayer::QuoteOf(std::int64_t index, Timestamp time) const {
  const auto bar = static_cast<std::size_t>(index / 4);
  const Price price = PricesOf(bars_[bar])[static_cast<std::size_t>(index % 4)];
  Quote quote{.symbol = options_.symbol, .price = price, .time = time, .source = kReplaySource};
  quote.previous_close = previous_closes_[bar];
  return quote;
}

}  // namespace papertape::market

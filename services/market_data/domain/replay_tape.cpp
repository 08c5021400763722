#include "services/market_data/domain/replay_tape.h"

#include <algorithm>
#include <array>
#include <utility>

#include "libs/status/status.h"

namespace papertape::market {
namespace {

using std::chrono::microseconds;

constexpr std::chrono::seconds kCloseBeforeEnd{1};
constexpr std::chrono::minutes kMinute{1};

std::array<Price, 4> PathOf(const Bar& bar) {
  const std::int64_t to_high = bar.high.micros() - bar.open.micros();
  const std::int64_t to_low = bar.open.micros() - bar.low.micros();
  if (to_high < to_low) return {bar.open, bar.high, bar.low, bar.close};
  return {bar.open, bar.low, bar.high, bar.close};
}

bool IsOpen(const std::vector<calendar::Span>& hours, Timestamp time) {
  return std::any_of(hours.begin(), hours.end(),
                     [&](const calendar::Span& span) { return span.begin <= time && time < span.end; });
}

}  // namespace

ReplayTape::ReplayTape(TradingTime hours, ReplayBars& bars, microseconds beat)
    : hours_(std::move(hours)), bars_(bars), beat_(beat) {
  if (!hours_.empty()) next_beat_ = hours_.begin();
}

absl::StatusOr<std::optional<Timestamp>> ReplayTape::NextAt() {
  if (stretch_ == hours_.stretches().size()) return std::optional<Timestamp>();
  PT_RETURN_IF_ERROR(Load(std::chrono::floor<std::chrono::days>(stretch().begin)));
  std::optional<Timestamp> next = std::min<Timestamp>(next_beat_, stretch().end);
  if (next_event_ < events_.size()) next = std::min(*next, events_[next_event_].time);
  return next;
}

TapeMoment ReplayTape::Take() {
  TapeMoment moment{.time = std::min<Timestamp>(next_beat_, stretch().end)};
  if (next_event_ < events_.size()) moment.time = std::min(moment.time, events_[next_event_].time);
  const bool is_beat = moment.time == next_beat_ && moment.time < stretch().end;
  if (is_beat) {
    next_beat_ += beat_;
    for (std::size_t i = 0; i < symbols_.size(); ++i) {
      const bool priced =
          next_event_ < events_.size() && events_[next_event_].time == moment.time && events_[next_event_].symbol == i;
      Tell(symbols_[i], priced ? std::optional(events_[next_event_++].price) : std::nullopt, moment);
    }
  }
  for (; next_event_ < events_.size() && events_[next_event_].time == moment.time; ++next_event_) {
    Tell(symbols_[events_[next_event_].symbol], events_[next_event_].price, moment);
  }
  if (moment.time == stretch().end) {
    ++stretch_;
    if (stretch_ < hours_.stretches().size()) next_beat_ = stretch().begin;
  }
  return moment;
}

void ReplayTape::Tell(Symbol& symbol, std::optional<Price> price, TapeMoment& moment) {
  if (!price && !(symbol.newest && IsOpen(symbol.hours, moment.time))) return;
  if (!symbol.newest) {
    symbol.newest = Quote{.symbol = symbol.name,
                          .previous_close = symbol.previous_close,
                          .day_low = *price,
                          .day_high = *price,
                          .source = kReplaySource};
  }
  Quote& quote = *symbol.newest;
  quote.time = moment.time;
  if (price) {
    quote.price = *price;
    quote.day_low = std::min(quote.day_low, *price);
    quote.day_high = std::max(quote.day_high, *price);
    moment.any_price = true;
  }
  moment.quotes.push_back(quote);
}

absl::StatusOr<std::vector<Quote>> ReplayTape::PassOver(Timestamp time) {
  while (stretch_ < hours_.stretches().size() && stretch().end < time) {
    ++stretch_;
    if (stretch_ < hours_.stretches().size()) next_beat_ = stretch().begin;
  }
  // Not beyond: the next day's symbols would take the place of these.
  while (stretch_ < hours_.stretches().size() && stretch().begin <= time) {
    PT_ASSIGN_OR_RETURN(const std::optional<Timestamp> next, NextAt());
    if (*next > time) break;
    Take();
  }
  std::vector<Quote> newest;
  for (const Symbol& symbol : symbols_) {
    if (symbol.newest) newest.push_back(*symbol.newest);
  }
  return newest;
}

absl::Status ReplayTape::Load(Timestamp day) {
  if (loaded_ == day) return absl::OkStatus();
  PT_ASSIGN_OR_RETURN(const std::vector<RecordedDay> recorded, bars_.On(day));
  loaded_ = day;
  symbols_.clear();
  events_.clear();
  next_event_ = 0;
  for (const RecordedDay& of : recorded) {
    const TradingTime trading(HoursOn(of.exchange, day));
    if (trading.empty()) continue;  // its calendar knows no trading on this day
    symbols_.push_back({.name = of.symbol, .previous_close = of.previous_close, .hours = trading.stretches()});
    for (const Bar& minute : of.minutes) {
      if (!IsOpen(trading.stretches(), minute.time)) continue;  // what is traded before the open and after the close
      AddBar(symbols_.size() - 1, minute, TradingTime({{.begin = minute.time, .end = minute.time + kMinute}}));
    }
    if (of.minutes.empty() && of.daily) AddBar(symbols_.size() - 1, *of.daily, trading);
  }
  std::stable_sort(events_.begin(), events_.end(), [](const Event& a, const Event& b) {
    return a.time != b.time ? a.time < b.time : a.symbol < b.symbol;
  });
  return absl::OkStatus();
}

void ReplayTape::AddBar(std::size_t symbol, const Bar& bar, const TradingTime& length) {
  const std::array<Price, 4> path = PathOf(bar);
  const microseconds third = length.total() / 3;
  const std::array<microseconds, 4> at{microseconds(0), third, 2 * third, length.total() - kCloseBeforeEnd};
  for (std::size_t i = 0; i < path.size(); ++i) events_.push_back({length.After(at[i]), symbol, path[i]});
}

}  // namespace papertape::market

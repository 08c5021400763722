#include "services/market_data/domain/live_bar.h"

#include "libs/calendar/calendar.h"
#include "services/market_data/domain/quote.h"

namespace papertape::market {
namespace {

constexpr std::array<std::string_view, kBarSpans> kNames{"1s", "5s", "1m", "5m", "15m", "30m", "1h", "1d", "1w"};
constexpr std::array<int, kBarSpans> kSeconds{1, 5, 60, 300, 900, 1'800, 3'600, 86'400, 604'800};

}  // namespace

std::string_view SpanName(BarSpan span) { return kNames[static_cast<std::size_t>(span)]; }

std::optional<BarSpan> ParseSpan(std::string_view name) {
  for (std::size_t i = 0; i < kBarSpans; ++i) {
    if (kNames[i] == name) return static_cast<BarSpan>(i);
  }
  return std::nullopt;
}

std::optional<Interval> IntervalOf(BarSpan span) { return ParseInterval(SpanName(span)); }

std::chrono::seconds LengthOf(BarSpan span) { return std::chrono::seconds(kSeconds[static_cast<std::size_t>(span)]); }

bool IsMadeUp(std::string_view source) { return source == kSimulatorSource || source == kReplaySource; }

TradingDay DayRoundTheClock(Timestamp time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  return {.date = day, .open = day, .close = day + std::chrono::days(1)};
}

std::optional<TradingDay> TradingDayAt(std::string_view exchange, Timestamp time) {
  const calendar::Calendar* const calendar = calendar::FindCalendar(exchange);
  if (calendar == nullptr) return DayRoundTheClock(time);
  const calendar::Date date = calendar->DateAt(time);
  const std::optional<calendar::Session> session = calendar->SessionOn(date);
  if (!session || time < session->open || time >= session->close) return std::nullopt;
  return TradingDay{.date = Timestamp(date.time_since_epoch()), .open = session->open, .close = session->close};
}

}  // namespace papertape::market

// Bars as ticks make them. Values only.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "libs/clock/clock.h"
#include "libs/money/money.h"
#include "services/market_data/domain/bar.h"

namespace papertape::market {

// The lengths of bars that ticks are made into, ascending.
enum class BarSpan : std::uint8_t {
  kSecond,
  kFiveSeconds,
  kMinute,
  kFiveMinutes,
  kQuarterHour,
  kHalfHour,
  kHour,
  kDay,
  kWeek
};
inline constexpr std::size_t kBarSpans = 9;

std::string_view SpanName(BarSpan span);  // "1s", "5s", "1m" ... "1w"
std::optional<BarSpan> ParseSpan(std::string_view name);
// The interval under which bars of that span are stored; nothing for those that never are.
std::optional<Interval> IntervalOf(BarSpan span);
// How long a span below a day is. They are cut by the clock in UTC.
std::chrono::seconds LengthOf(BarSpan span);

// One day of trading: bars of a day and a week are cut by it, and ticks outside it make no bar.
struct TradingDay {
  Timestamp date;   // midnight UTC of the day by which it is named
  Timestamp open;   // inclusive
  Timestamp close;  // exclusive
  friend bool operator==(const TradingDay&, const TradingDay&) = default;
};
// The day of trading that `time` falls into on that exchange; nothing outside its hours. An exchange without a calendar
// is taken to trade round the clock, and so is a made-up market: its days are those of UTC.
std::optional<TradingDay> TradingDayAt(std::string_view exchange, Timestamp time);
TradingDay DayRoundTheClock(Timestamp time);
// Whether prices of that source are made up: by the simulator, or by replaying a recording.
bool IsMadeUp(std::string_view source);

struct LiveBar {
  std::string symbol;
  BarSpan span = BarSpan::kSecond;
  Timestamp start;
  Timestamp end;  // exclusive; of a day, its close
  Price open;
  Price high;
  Price low;
  Price close;
  std::int64_t volume = 0;
  std::int64_t ticks = 0;
  std::string source;
  bool finished = false;
  bool complete = false;  // its source was listened to from its start to its end
  bool traded = false;    // every tick was a trade of a source that tells all of them
  friend bool operator==(const LiveBar&, const LiveBar&) = default;
};

}  // namespace papertape::market

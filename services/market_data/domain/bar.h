// Bars: what happened to one instrument in one interval of time. Values only.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libs/clock/clock.h"
#include "libs/money/money.h"

namespace papertape::market {

enum class Interval { kMinute, kFiveMinutes, kQuarterHour, kHalfHour, kHour, kDay, kWeek };

std::string_view IntervalName(Interval interval);  // "1m" ... "1w"
std::optional<Interval> ParseInterval(std::string_view name);
// Bars of a day or longer are named by their date, shorter ones by the moment of their start.
constexpr bool IsDated(Interval interval) { return interval == Interval::kDay || interval == Interval::kWeek; }

// By the clock: a day has 24 hours, a week seven days. Bars that are dated follow the exchange's sessions instead.
std::chrono::seconds LengthOf(Interval interval);

// low <= open, close <= high; all positive.
struct Bar {
  Timestamp time;  // the start; midnight UTC of the day (of Monday, for a week) where the interval is dated
  Price open;
  Price high;
  Price low;
  Price close;
  std::int64_t volume = 0;  // shares; 0 for an index without volume
  Price adjusted_close;     // for splits and dividends
  friend bool operator==(const Bar&, const Bar&) = default;
};

// For what prices are adjusted on reading; they are recorded as they were traded.
enum class Adjusting { kNone, kSplits, kAll };  // kAll: splits and dividends

// Which bars of one symbol. With `from` or `after`: the first `limit` from there; otherwise the newest `limit`.
struct BarQuery {
  std::string symbol;
  Interval interval = Interval::kDay;
  std::optional<Timestamp> from;   // inclusive
  std::optional<Timestamp> until;  // inclusive
  std::optional<Timestamp> after;  // exclusive: the keyset position
  std::int64_t limit = 500;
  Adjusting adjusting = Adjusting::kNone;
  std::optional<Timestamp> as_of;  // actions with a later ex-date are not known yet; absent: now
};

struct BarPage {
  std::vector<Bar> bars;            // ascending
  std::string source;               // who recorded them, "polygon, tiingo" where several did; empty: there are none
  std::optional<Timestamp> resume;  // set as BarQuery::after for the bars that follow; absent at the end
};

}  // namespace papertape::market

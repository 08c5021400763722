#include "services/market_data/rpc/bar_messages.h"

#include <chrono>
#include <optional>

#include "services/market_data/domain/bar_cursor.h"
#include "services/market_data/domain/symbol.h"

namespace papertape::market {
namespace {

constexpr std::int64_t kDefaultBars = 500;
constexpr std::int64_t kMaxBars = 5'000;
constexpr char kTimeForm[] = "must be a day (2020-01-31) or an RFC 3339 time";

// A day or a moment. A day as the end of a range is the whole of that day.
std::optional<Timestamp> ReadTime(const std::string& text, bool is_end) {
  if (const absl::StatusOr<Timestamp> day = ParseDate(text); day.ok()) {
    constexpr std::chrono::microseconds kWholeDay = std::chrono::hours(24) - std::chrono::microseconds(1);
    return is_end ? *day + kWholeDay : *day;
  }
  const absl::StatusOr<Timestamp> moment = ParseRfc3339(text);
  return moment.ok() ? std::optional<Timestamp>(*moment) : std::nullopt;
}

std::optional<Adjusting> ParseAdjusting(const std::string& word) {
  if (word.empty() || word == "none") return Adjusting::kNone;
  if (word == "split") return Adjusting::kSplits;
  if (word == "all") return Adjusting::kAll;
  return std::nullopt;
}

}  // namespace

BarQuery DecodeBars(const BarWords& words, Violations& wrong) {
  BarQuery query;
  const std::string symbol = NormalizeSymbol(words.symbol);
  query.symbol = symbol.empty() ? words.symbol : symbol;
  if (!words.start.empty()) {
    query.from = ReadTime(words.start, false);
    wrong.Check(query.from.has_value(), "start", kTimeForm);
  }
  if (!words.end.empty()) {
    query.until = ReadTime(words.end, true);
    wrong.Check(query.until.has_value(), "end", kTimeForm);
  }
  if (query.from && query.until) wrong.Check(*query.from <= *query.until, "end", "must not be before start");
  const std::optional<Interval> interval = words.interval.empty() ? Interval::kDay : ParseInterval(words.interval);
  wrong.Check(interval.has_value(), "interval", "must be 1m, 5m, 15m, 30m, 1h, 1d or 1w");
  query.interval = interval.value_or(Interval::kDay);
  wrong.Check(words.limit >= 0 && words.limit <= kMaxBars, "limit", "must be from 1 to 5000");
  query.limit = words.limit > 0 ? words.limit : kDefaultBars;
  if (!words.cursor.empty() && interval) {
    query.after = ReadBarCursor(words.cursor, query.symbol, query.interval);
    wrong.Check(query.after.has_value(), "cursor",
                "must be the next_cursor of an answer for the same symbol and interval");
  }
  const std::optional<Adjusting> adjusting = ParseAdjusting(words.adjusted);
  wrong.Check(adjusting.has_value(), "adjusted", "must be none, split or all");
  query.adjusting = adjusting.value_or(Adjusting::kNone);
  if (!words.as_of.empty()) {
    query.as_of = ReadTime(words.as_of, true);
    wrong.Check(query.as_of.has_value(), "as_of", kTimeForm);
  }
  return query;
}

std::string NameOf(Timestamp time, bool dated) { return dated ? FormatDate(time) : FormatRfc3339(time); }

}  // namespace papertape::market

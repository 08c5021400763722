#include "services/market_data/domain/bar.h"

#include <array>
#include <utility>

namespace papertape::market {
namespace {

constexpr std::array<std::pair<Interval, std::string_view>, 7> kNames{{{Interval::kMinute, "1m"},
                                                                       {Interval::kFiveMinutes, "5m"},
                                                                       {Interval::kQuarterHour, "15m"},
                                                                       {Interval::kHalfHour, "30m"},
                                                                       {Interval::kHour, "1h"},
                                                                       {Interval::kDay, "1d"},
                                                                       {Interval::kWeek, "1w"}}};

}  // namespace

std::string_view IntervalName(Interval interval) {
  for (const auto& [value, name] : kNames) {
    if (value == interval) return name;
  }
  return {};
}

std::optional<Interval> ParseInterval(std::string_view name) {
  for (const auto& [value, known] : kNames) {
    if (known == name) return value;
  }
  return std::nullopt;
}

std::chrono::seconds LengthOf(Interval interval) {
  switch (interval) {
    case Interval::kMinute:
      return std::chrono::minutes(1);
    case Interval::kFiveMinutes:
      return std::chrono::minutes(5);
    case Interval::kQuarterHour:
      return std::chrono::minutes(15);
    case Interval::kHalfHour:
      return std::chrono::minutes(30);
    case Interval::kHour:
      return std::chrono::hours(1);
    case Interval::kDay:
      return std::chrono::days(1);
    case Interval::kWeek:
      return std::chrono::weeks(1);
  }
  return {};
}

}  // namespace papertape::market

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

}  // namespace papertape::market

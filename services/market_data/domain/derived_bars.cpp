#include "services/market_data/domain/derived_bars.h"

#include <algorithm>
#include <chrono>

#include "libs/status/status.h"

namespace papertape::market {
namespace {

Timestamp StartOf(Timestamp time, std::chrono::seconds length) {
  return Timestamp(time.time_since_epoch() / length * length);
}

}  // namespace

std::vector<Bar> Aggregate(const std::vector<Bar>& bars, Interval interval) {
  const std::chrono::seconds length = LengthOf(interval);
  std::vector<Bar> longer;
  for (const Bar& bar : bars) {
    const Timestamp start = StartOf(bar.time, length);
    if (longer.empty() || longer.back().time != start) {
      longer.push_back(bar);
      longer.back().time = start;
      continue;
    }
    Bar& sum = longer.back();
    sum.high = std::max(sum.high, bar.high);
    sum.low = std::min(sum.low, bar.low);
    sum.close = bar.close;
    sum.adjusted_close = bar.adjusted_close;
    sum.volume += bar.volume;
  }
  return longer;
}

absl::StatusOr<BarPage> DerivedBars::List(const BarQuery& query) {
  PT_ASSIGN_OR_RETURN(BarPage page, recorded_.List(query));
  if (!page.bars.empty() || IsDated(query.interval) || query.interval == Interval::kMinute) return page;
  return FromMinutes(query);
}

absl::StatusOr<BarPage> DerivedBars::FromMinutes(const BarQuery& query) {
  const std::chrono::seconds length = LengthOf(query.interval);
  BarQuery minutes = query;
  minutes.interval = Interval::kMinute;
  // Whole bars only, and one more than asked for, which tells whether there is more.
  minutes.limit = (query.limit + 1) * (length / std::chrono::minutes(1));
  if (query.from) minutes.from = StartOf(*query.from + length - std::chrono::microseconds(1), length);
  if (query.until) minutes.until = StartOf(*query.until, length) + length - std::chrono::microseconds(1);
  if (query.after) minutes.after = *query.after + length - std::chrono::microseconds(1);
  PT_ASSIGN_OR_RETURN(const BarPage recorded, recorded_.List(minutes));
  BarPage page{.bars = Aggregate(recorded.bars, query.interval), .source = recorded.source};
  const auto limit = static_cast<std::size_t>(query.limit);
  if (page.bars.size() <= limit) return page;
  if (query.from || query.after) {
    page.bars.resize(limit);
    page.resume = page.bars.back().time;
  } else {
    page.bars.erase(page.bars.begin(), page.bars.end() - static_cast<std::ptrdiff_t>(limit));
  }
  return page;
}

}  // namespace papertape::market

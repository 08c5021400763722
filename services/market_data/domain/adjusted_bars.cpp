#include "services/market_data/domain/adjusted_bars.h"

#include <algorithm>
#include <chrono>

#include "libs/status/status.h"

namespace papertape::market {
namespace {

constexpr std::chrono::days kToSunday{6};

}  // namespace

absl::StatusOr<BarPage> AdjustedBars::List(const BarQuery& query) {
  PT_ASSIGN_OR_RETURN(BarPage page, bars_.List(query));
  if (page.bars.empty()) return page;
  PT_ASSIGN_OR_RETURN(const std::vector<KnownAction> actions, actions_.List(query.symbol));
  const Adjuster adjuster(actions, query.as_of.value_or(clock_.Now()));
  for (Bar& bar : page.bars) {
    if (query.interval == Interval::kWeek && adjuster.AnyBetween(bar.time, bar.time + kToSunday)) {
      PT_ASSIGN_OR_RETURN(bar, Week(query, bar, adjuster));
    } else {
      PT_ASSIGN_OR_RETURN(bar, adjuster.Adjust(bar, query.adjusting));
    }
  }
  return page;
}

absl::StatusOr<Bar> AdjustedBars::Week(const BarQuery& query, const Bar& week, const Adjuster& adjuster) {
  PT_ASSIGN_OR_RETURN(const BarPage days, bars_.List({.symbol = query.symbol,
                                                      .interval = Interval::kDay,
                                                      .from = week.time,
                                                      .until = week.time + kToSunday,
                                                      .limit = kToSunday.count() + 1}));
  Bar whole;
  for (const Bar& day : days.bars) {
    PT_ASSIGN_OR_RETURN(const Bar bar, adjuster.Adjust(day, query.adjusting));
    if (whole.open.is_zero()) whole = bar;
    whole.high = std::max(whole.high, bar.high);
    whole.low = std::min(whole.low, bar.low);
    whole.close = bar.close;
    whole.adjusted_close = bar.adjusted_close;
    if (&day != &days.bars.front()) whole.volume += bar.volume;
  }
  whole.time = week.time;
  return whole;
}

}  // namespace papertape::market

#include "services/market_data/store/pg_bar_store.h"

#include <algorithm>
#include <set>
#include <string>
#include <string_view>

#include "fmt/format.h"
#include "libs/status/status.h"

namespace papertape::market {
namespace {

// $1 symbol, $2 span, $3 from, $4 until, $5 after (each null where absent), then the order and $6, the limit.
constexpr std::string_view kStoredBars =
    "select time, open, high, low, close, volume, adjusted_close, source from bars "
    "where symbol = $1 and span = $2 and time >= coalesce($3::timestamptz, '-infinity') "
    "and time <= coalesce($4::timestamptz, 'infinity') and time > coalesce($5::timestamptz, '-infinity') "
    "order by time";
// The same of weeks. 168 hours, not 7 days: a week of UTC has no daylight saving time.
constexpr std::string_view kWeeklyBars =
    "select date_trunc('week', time, 'UTC') as week, (array_agg(open order by time))[1], max(high), min(low), "
    "(array_agg(close order by time desc))[1], sum(volume)::bigint, (array_agg(adjusted_close order by time desc))[1], "
    "string_agg(distinct source, ', ') from bars where symbol = $1 and span = $2 "
    "and time >= coalesce(date_trunc('week', $3::timestamptz, 'UTC'), '-infinity') "
    "and time < coalesce(date_trunc('week', $4::timestamptz, 'UTC') + interval '168 hours', 'infinity') "
    "and time >= coalesce($5::timestamptz + interval '168 hours', '-infinity') group by week order by week";

Bar ToBar(const pg::Rows& rows, std::size_t row) {
  return {.time = rows.Time(row, 0),
          .open = rows.Exact<Price>(row, 1),
          .high = rows.Exact<Price>(row, 2),
          .low = rows.Exact<Price>(row, 3),
          .close = rows.Exact<Price>(row, 4),
          .volume = rows.Int(row, 5),
          .adjusted_close = rows.Exact<Price>(row, 6)};
}

constexpr std::string_view kAndAlso = ", ";
// "polygon, tiingo": everybody who recorded one of the first `count` rows, by name.
std::string SourcesOf(const pg::Rows& rows, std::size_t count) {
  std::set<std::string_view> sources;
  std::string_view last;
  for (std::size_t row = 0; row < count; ++row) {
    if (rows.Text(row, 7) == last) continue;
    last = rows.Text(row, 7);
    // A week's may be several already.
    for (std::size_t begin = 0; begin < last.size();) {
      const std::size_t end = std::min(last.find(kAndAlso, begin), last.size());
      sources.insert(last.substr(begin, end - begin));
      begin = end + kAndAlso.size();
    }
  }
  return fmt::format("{}", fmt::join(sources, kAndAlso));
}

std::vector<pg::Param> ToRow(const std::string& symbol, Interval interval, const Bar& bar, const std::string& source) {
  return {symbol,    IntervalName(interval), bar.time,   bar.open, bar.high, bar.low,
          bar.close, bar.adjusted_close,     bar.volume, source};
}

}  // namespace

absl::StatusOr<BarPage> PgBarStore::List(const BarQuery& query) {
  const bool onward = query.from || query.after;
  const bool weekly = query.interval == Interval::kWeek;
  const std::string sql =
      std::string(weekly ? kWeeklyBars : kStoredBars) + (onward ? " asc limit $6" : " desc limit $6");
  const Interval stored = weekly ? Interval::kDay : query.interval;
  BarPage page;
  PT_RETURN_IF_ERROR(pool_.Read([&](pg::Transaction& transaction) {
    // One more than asked for tells whether there is more.
    const pg::Rows rows = transaction.Exec(sql, {query.symbol, IntervalName(stored), query.from, query.until,
                                                 query.after, query.limit + (onward ? 1 : 0)});
    page = BarPage();
    const std::size_t count = std::min(rows.size(), static_cast<std::size_t>(query.limit));
    page.bars.reserve(count);
    for (std::size_t row = 0; row < count; ++row) page.bars.push_back(ToBar(rows, row));
    page.source = SourcesOf(rows, count);
    if (rows.size() > count) page.resume = page.bars.back().time;
    return absl::OkStatus();
  }));
  if (!onward) std::reverse(page.bars.begin(), page.bars.end());
  return page;
}

absl::StatusOr<std::int64_t> PgBarStore::AddMissing(const std::string& symbol, Interval interval,
                                                    const std::vector<Bar>& bars, const std::string& source) {
  std::vector<std::vector<pg::Param>> rows;
  rows.reserve(bars.size());
  for (const Bar& bar : bars) rows.push_back(ToRow(symbol, interval, bar, source));
  std::int64_t added = 0;
  PT_RETURN_IF_ERROR(pool_.Transact([&](pg::Transaction& transaction) {
    // A second start finds them all and copies nothing.
    const pg::Rows known =
        transaction.Exec("select count(*) from bars where symbol = $1 and span = $2 and time between $3 and $4",
                         {symbol, IntervalName(interval), bars.empty() ? Timestamp() : bars.front().time,
                          bars.empty() ? Timestamp() : bars.back().time});
    added = 0;
    if (known.Int(0, 0) >= static_cast<std::int64_t>(bars.size())) return absl::OkStatus();
    transaction.Exec("create temporary table arriving_bars (like bars) on commit drop");
    transaction.Copy("arriving_bars",
                     {"symbol", "span", "time", "open", "high", "low", "close", "adjusted_close", "volume", "source"},
                     rows);
    added = transaction
                .Exec(
                    "insert into bars (symbol, span, time, open, high, low, close, adjusted_close, volume, source) "
                    "select symbol, span, time, open, high, low, close, adjusted_close, volume, source "
                    "from arriving_bars on conflict do nothing")
                .affected();
    return absl::OkStatus();
  }));
  return added;
}

}  // namespace papertape::market

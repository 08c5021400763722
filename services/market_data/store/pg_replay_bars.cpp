#include "services/market_data/store/pg_replay_bars.h"

#include <chrono>
#include <string_view>
#include <unordered_map>

#include "libs/status/status.h"

namespace papertape::market {
namespace {

constexpr std::chrono::days kDay{1};

// Symbol by symbol, so that each is a look-up in the key of `bars`, whatever else is recorded.
constexpr std::string_view kSymbols =
    "select i.symbol, i.exchange from instruments i where exists (select 1 from bars b where b.symbol = i.symbol "
    "and b.span in ('1m', '1d') and b.time >= $1 and b.time < $2) order by i.symbol collate \"C\"";
constexpr std::string_view kBars =
    "select i.symbol, i.exchange, b.span, b.time, b.open, b.high, b.low, b.close, b.volume, b.adjusted_close "
    "from instruments i cross join (values ('1d'), ('1m')) spans (span) cross join lateral ("
    "select * from bars where symbol = i.symbol and bars.span = spans.span and time >= $1 and time < $2 offset 0) b "
    "order by i.symbol collate \"C\", b.span, b.time";
// The last close of each symbol before $1: of the day's own bar, or of the last minute where that is of a later day;
// divided by the splits since, up to $1.
constexpr std::string_view kPreviousCloses =
    "select i.symbol, round(p.close * s.ratio, 6) from instruments i cross join lateral ("
    "select close, date_trunc('day', time, 'UTC') as day from ("
    "(select close, time, 0 as rank from bars where symbol = i.symbol and span = '1d' and time < $1 "
    "order by time desc limit 1) union all "
    "(select close, time, 1 from bars where symbol = i.symbol and span = '1m' and time < $1 "
    "order by time desc limit 1)) newest order by day desc, rank limit 1) p cross join lateral ("
    "select coalesce(exp(sum(ln(denominator / numerator))), 1) as ratio from corporate_actions c "
    "where c.symbol = i.symbol and kind = 'split' and not withdrawn and ex_date > p.day and ex_date <= $1) s";
constexpr std::string_view kRange =
    "select min(first), max(last) from instruments i, (values ('1d'), ('1m')) spans (span), lateral ("
    "select min(time) as first, max(time) as last from bars b where b.symbol = i.symbol and b.span = spans.span) r";

Bar ToBar(const pg::Rows& rows, std::size_t row) {
  return {.time = rows.Time(row, 3),
          .open = rows.Exact<Price>(row, 4),
          .high = rows.Exact<Price>(row, 5),
          .low = rows.Exact<Price>(row, 6),
          .close = rows.Exact<Price>(row, 7),
          .volume = rows.Int(row, 8),
          .adjusted_close = rows.Exact<Price>(row, 9)};
}

}  // namespace

absl::StatusOr<std::vector<RecordedSymbol>> PgReplayBars::Symbols(Timestamp first_day, Timestamp last_day) {
  std::vector<RecordedSymbol> symbols;
  PT_RETURN_IF_ERROR(pool_.Read([&](pg::Transaction& transaction) {
    symbols.clear();
    const pg::Rows rows = transaction.Exec(kSymbols, {first_day, last_day + kDay});
    for (std::size_t row = 0; row < rows.size(); ++row) {
      symbols.push_back({.symbol = std::string(rows.Text(row, 0)), .exchange = std::string(rows.Text(row, 1))});
    }
    return absl::OkStatus();
  }));
  return symbols;
}

absl::StatusOr<std::vector<RecordedDay>> PgReplayBars::On(Timestamp day) {
  std::vector<RecordedDay> days;
  PT_RETURN_IF_ERROR(pool_.Read([&](pg::Transaction& transaction) {
    days.clear();
    const pg::Rows bars = transaction.Exec(kBars, {day, day + kDay});
    for (std::size_t row = 0; row < bars.size(); ++row) {
      if (days.empty() || days.back().symbol != bars.Text(row, 0)) {
        days.push_back({.symbol = std::string(bars.Text(row, 0)), .exchange = std::string(bars.Text(row, 1))});
      }
      if (bars.Text(row, 2) == IntervalName(Interval::kDay)) {
        days.back().daily = ToBar(bars, row);
      } else {
        days.back().minutes.push_back(ToBar(bars, row));
      }
    }
    if (days.empty()) return absl::OkStatus();
    const pg::Rows closes = transaction.Exec(kPreviousCloses, {day});
    std::unordered_map<std::string_view, Price> before;
    for (std::size_t row = 0; row < closes.size(); ++row) before[closes.Text(row, 0)] = closes.Exact<Price>(row, 1);
    for (RecordedDay& of : days) of.previous_close = before[of.symbol];
    return absl::OkStatus();
  }));
  return days;
}

absl::StatusOr<std::optional<RecordedRange>> PgReplayBars::Range() {
  std::optional<RecordedRange> range;
  PT_RETURN_IF_ERROR(pool_.Read([&](pg::Transaction& transaction) {
    range.reset();
    const pg::Rows rows = transaction.Exec(kRange);
    if (!rows.IsNull(0, 0)) range = RecordedRange{.first = rows.Time(0, 0), .last = rows.Time(0, 1)};
    return absl::OkStatus();
  }));
  return range;
}

}  // namespace papertape::market

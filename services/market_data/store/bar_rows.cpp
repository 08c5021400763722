#include "services/market_data/store/bar_rows.h"

namespace papertape::market {
namespace {

constexpr std::string_view kColumns = "symbol, span, time, open, high, low, close, adjusted_close, volume, source";
constexpr std::size_t kRowBytes = 160;  // about

void Copy(pg::Transaction& transaction, std::string_view table, const BarRows& rows) {
  pg::CopyRows copied;
  copied.Reserve(rows.bars.size() * kRowBytes);
  for (const Bar& bar : rows.bars) {
    copied.Add(rows.symbol, IntervalName(rows.interval), bar.time, bar.open, bar.high, bar.low, bar.close,
               bar.adjusted_close, bar.volume, rows.source);
  }
  const std::string target = std::string(table) + " (" + std::string(kColumns) + ")";
  transaction.CopyBinary({{target, copied}});
}

}  // namespace

void CopyNew(pg::Transaction& transaction, const BarRows& rows) { Copy(transaction, "bars", rows); }

Written Merge(pg::Transaction& transaction, const BarRows& rows, std::optional<Timestamp> correct_from) {
  Written written;
  transaction.Exec("create temporary table if not exists arriving_bars (like bars) on commit drop");
  transaction.Exec("truncate arriving_bars");
  Copy(transaction, "arriving_bars", rows);
  if (correct_from) {
    written.corrected =
        transaction
            .Exec(
                "update bars b set open = a.open, high = a.high, low = a.low, close = a.close, "
                "adjusted_close = a.adjusted_close, volume = a.volume, source = a.source from arriving_bars a "
                "where b.symbol = a.symbol and b.span = a.span and b.time = a.time and b.time >= $1 "
                "and (b.open, b.high, b.low, b.close, b.volume) <> (a.open, a.high, a.low, a.close, a.volume)",
                {*correct_from})
            .affected();
  }
  written.added = transaction
                      .Exec("insert into bars (" + std::string(kColumns) + ") select " + std::string(kColumns) +
                            " from arriving_bars on conflict do nothing")
                      .affected();
  return written;
}

}  // namespace papertape::market

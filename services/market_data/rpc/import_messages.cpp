#include "services/market_data/rpc/import_messages.h"

#include <string>

#include "libs/status/status.h"
#include "services/market_data/domain/symbol.h"
#include "services/market_data/rpc/bar_messages.h"

namespace papertape::market {
namespace {

Timestamp ReadName(const std::string& name) {
  const absl::StatusOr<Timestamp> day = ParseDate(name);
  return day.ok() ? *day : ParseRfc3339(name).value_or(Timestamp());
}

}  // namespace

absl::StatusOr<ImportRequest> Decode(const pb::ImportBarsRequest& request) {
  Violations wrong;
  ImportRequest decoded{.csv = request.csv(), .dry_run = request.dry_run(), .overwrite = request.overwrite()};
  wrong.Check(!request.csv().empty(), "csv", "must be a file: send it as text/csv or as a form's part `csv`");
  const std::optional<WallClock> clock = WallClock::Named(request.time_zone());
  wrong.Check(clock.has_value(), "time_zone",
              "must be UTC, America/New_York, Asia/Kolkata, or an offset such as +05:30");
  decoded.format.clock = clock.value_or(WallClock());
  const auto interval = request.interval().empty() ? Interval::kDay : ParseInterval(request.interval());
  wrong.Check(interval && *interval != Interval::kWeek, "interval", "must be 1m, 5m, 15m, 30m, 1h or 1d");
  decoded.format.interval = interval.value_or(Interval::kDay);
  decoded.format.symbol = NormalizeSymbol(request.symbol());
  wrong.Check(request.symbol().empty() || !decoded.format.symbol.empty(), "symbol",
              "must be a symbol such as AAPL or ^NSEI");
  PT_RETURN_IF_ERROR(wrong.ToStatus());
  return decoded;
}

void Encode(const ImportReport& report, pb::ImportReport& out) {
  const bool dated = IsDated(report.interval);
  out.set_dry_run(report.dry_run);
  out.set_interval(std::string(IntervalName(report.interval)));
  out.set_rows(report.rows);
  out.set_rows_refused(report.refused);
  for (const ImportedSymbol& symbol : report.symbols) {
    out.set_bars_added(out.bars_added() + symbol.added);
    out.set_bars_corrected(out.bars_corrected() + symbol.corrected);
    out.set_bars_known(out.bars_known() + symbol.known);
    pb::ImportedSymbol& entry = *out.add_symbols();
    entry.set_symbol(symbol.symbol);
    entry.set_rows(symbol.rows);
    entry.set_bars_added(symbol.added);
    entry.set_bars_corrected(symbol.corrected);
    entry.set_bars_known(symbol.known);
    entry.set_first(NameOf(symbol.first, dated));
    entry.set_last(NameOf(symbol.last, dated));
  }
  for (const RefusedRow& row : report.refusals) {
    pb::RefusedRow& entry = *out.add_refused();
    entry.set_line(static_cast<std::int64_t>(row.line));
    if (!row.symbol.empty()) entry.set_symbol(row.symbol);
    entry.set_reason(row.reason);
    entry.set_message(row.message);
  }
}

void Decode(const pb::ImportReport& reply, ImportReport& out) {
  out = {.dry_run = reply.dry_run(),
         .interval = ParseInterval(reply.interval()).value_or(Interval::kDay),
         .rows = reply.rows(),
         .refused = reply.rows_refused()};
  for (const pb::ImportedSymbol& symbol : reply.symbols()) {
    out.symbols.push_back({.symbol = symbol.symbol(),
                           .rows = symbol.rows(),
                           .added = symbol.bars_added(),
                           .corrected = symbol.bars_corrected(),
                           .known = symbol.bars_known(),
                           .first = ReadName(symbol.first()),
                           .last = ReadName(symbol.last())});
  }
  for (const pb::RefusedRow& row : reply.refused()) {
    out.refusals.push_back({static_cast<std::size_t>(row.line()), row.symbol(), row.reason(), row.message()});
  }
}

}  // namespace papertape::market

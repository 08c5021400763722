#include "services/market_data/store/pg_import_store.h"

#include "libs/idempotency/once.h"
#include "libs/status/status.h"
#include "services/market_data/store/bar_rows.h"
#include "services/market_data/store/pg_quarantine.h"

namespace papertape::market {
namespace {

// Writes the bars; the report with what became of them.
ImportReport Write(pg::Transaction& transaction, const ImportReport& report, const std::vector<ImportedBars>& bars,
                   bool overwrite) {
  // Before any market.
  constexpr Timestamp kEver = std::chrono::sys_days(std::chrono::year(1) / 1 / 1);
  const auto correct_from = overwrite ? std::optional(kEver) : std::nullopt;
  ImportReport done = report;
  for (const ImportedBars& of : bars) {
    const BarRows rows{.symbol = of.symbol, .interval = report.interval, .bars = of.bars, .source = kImportSource};
    const Written written = Merge(transaction, rows, correct_from);
    const auto count = static_cast<std::int64_t>(of.bars.size());
    done.symbols.push_back({.symbol = of.symbol,
                            .rows = count,
                            .added = written.added,
                            .corrected = written.corrected,
                            .known = count - written.added - written.corrected,
                            .first = of.bars.front().time,
                            .last = of.bars.back().time});
  }
  return done;
}

}  // namespace

absl::StatusOr<ImportReport> PgImportStore::Import(const ImportReport& report, const std::vector<ImportedBars>& bars,
                                                   const std::vector<Suspect>& suspects, bool overwrite,
                                                   const idempotency::Repeatable<ImportReport>& repeatable) {
  absl::StatusOr<ImportReport> done = report;
  const absl::Status committed = pool_.Transact([&](pg::Transaction& transaction) {
    done = idempotency::Once(transaction, repeatable, [&]() -> absl::StatusOr<ImportReport> {
      ImportReport written = Write(transaction, report, bars, overwrite);
      PgQuarantine::Add(transaction, suspects);
      return written;
    });
    PT_RETURN_IF_ERROR(done.status());
    // Not OK: rolled back.
    return report.dry_run ? Error(Reason::kCANCELLED, "a dry run") : absl::OkStatus();
  });
  const bool tried = report.dry_run && ReasonOf(committed) == Reason::kCANCELLED;
  if (!committed.ok() && !tried) return committed;
  return done;
}

}  // namespace papertape::market

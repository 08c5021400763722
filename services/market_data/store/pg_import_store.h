// Imported bars in PostgreSQL: one transaction a file. A dry run is the same transaction, rolled back. Thread-safe.
#pragma once

#include "libs/pg/pool.h"
#include "services/market_data/domain/bar_import.h"

namespace papertape::market {

class PgImportStore final : public ImportStore {
 public:
  explicit PgImportStore(pg::Pool& pool) : pool_(pool) {}
  absl::StatusOr<ImportReport> Import(const ImportReport& report, const std::vector<ImportedBars>& bars,
                                      const std::vector<Suspect>& suspects, bool overwrite,
                                      const idempotency::Repeatable<ImportReport>& repeatable) override;

 private:
  pg::Pool& pool_;
};

}  // namespace papertape::market

// Signals and formulas in PostgreSQL: the tables `signals` and `formulas`. Thread-safe.
#pragma once

#include "libs/pg/pool.h"
#include "services/signal/domain/catalog.h"

namespace papertape::signal {

class PgCatalog final : public Catalog {
 public:
  explicit PgCatalog(pg::Pool& pool) : pool_(pool) {}
  absl::StatusOr<Listing<Signal>> ListSignals(const SignalQuery& query) override;
  absl::StatusOr<Listing<Formula>> ListFormulas(const FormulaQuery& query) override;

 private:
  pg::Pool& pool_;
};

}  // namespace papertape::signal

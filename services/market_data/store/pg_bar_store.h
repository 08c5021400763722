// Bars in PostgreSQL: in by COPY, out by keyset. Thread-safe.
#pragma once

#include "libs/pg/pool.h"
#include "services/market_data/domain/ports.h"

namespace papertape::market {

class PgBarStore final : public BarStore {
 public:
  explicit PgBarStore(pg::Pool& pool) : pool_(pool) {}
  // Weeks are made of the daily bars: Monday to Sunday, named by their Monday; a week that `from` or `until` falls into
  // is whole.
  absl::StatusOr<BarPage> List(const BarQuery& query) override;
  // Streams into a staging table and moves what is missing from there, in one transaction.
  absl::StatusOr<std::int64_t> AddMissing(const std::string& symbol, Interval interval, const std::vector<Bar>& bars,
                                          const std::string& source) override;

 private:
  pg::Pool& pool_;
};

}  // namespace papertape::market

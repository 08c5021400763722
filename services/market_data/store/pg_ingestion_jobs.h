// Ingestion jobs in PostgreSQL, as their readers see them. Thread-safe.
#pragma once

#include "libs/pg/pool.h"
#include "services/market_data/domain/ingestion_ports.h"

namespace papertape::market {

class PgIngestionJobs final : public IngestionJobs {
 public:
  explicit PgIngestionJobs(pg::Pool& pool) : pool_(pool) {}
  absl::StatusOr<std::int64_t> Create(const IngestionRequest& request,
                                      const idempotency::Repeatable<std::int64_t>& repeatable) override;
  absl::StatusOr<IngestionJob> Find(std::int64_t id) override;
  absl::StatusOr<JobPage> List(std::int64_t offset, std::int64_t limit) override;
  absl::Status Cancel(std::int64_t id) override;
  absl::StatusOr<std::vector<AvailableSymbol>> Available() override;

 private:
  pg::Pool& pool_;
};

}  // namespace papertape::market

// Ingestion tasks in PostgreSQL, as their worker sees them. The fence of a task is checked in the transaction of what
// is written, under the row's lock. Leases are measured by the database's clock: workers need not agree on the time.
// Thread-safe.
#pragma once

#include "libs/pg/pool.h"
#include "services/market_data/domain/ingestion_ports.h"

namespace papertape::market {

class PgIngestionTasks final : public IngestionTasks {
 public:
  explicit PgIngestionTasks(pg::Pool& pool) : pool_(pool) {}
  absl::StatusOr<std::optional<LeasedTask>> Lease(std::chrono::milliseconds lease) override;
  absl::StatusOr<std::set<Timestamp>> KnownDays(const std::string& symbol, Timestamp first, Timestamp last) override;
  absl::Status Plan(const LeasedTask& task, std::int64_t sessions) override;
  absl::StatusOr<std::vector<Written>> Write(const LeasedTask& task, const Chunk& chunk,
                                             std::chrono::milliseconds lease) override;
  absl::Status Finish(const LeasedTask& task, TaskState state, const absl::Status& why) override;
  absl::Status Postpone(const LeasedTask& task, std::chrono::milliseconds pause, const absl::Status& why) override;

 private:
  enum class Way { kCopy, kMerge };
  absl::StatusOr<std::vector<Written>> Write(const LeasedTask& task, const Chunk& chunk,
                                             std::chrono::milliseconds lease, Way way);

  pg::Pool& pool_;
};

}  // namespace papertape::market

// The journal in PostgreSQL: a batch is one transaction of a few statements, so that its cost is shared by all its
// orders. New rows are copied in binary; what changes is updated from arrays, one parameter a column. The fence in
// `engine_state` makes sure that one process writes.
#pragma once

#include <cstdint>

#include "libs/pg/pool.h"
#include "services/trade_engine/domain/ports.h"
#include "services/trade_engine/store/pg_event_log.h"

namespace papertape::trade_engine {

class PgJournal : public Journal {
 public:
  PgJournal(pg::Pool& pool, PgEventLog::Codec codec) : pool_(pool), log_(std::move(codec)) {}

  absl::StatusOr<Snapshot> TakeOver() override;
  absl::StatusOr<Snapshot> TurnTo(const TapePosition& position) override;
  absl::Status Commit(const Batch& batch) override;

 private:
  absl::Status Stand(pg::Transaction& transaction, const TapePosition& position) const;

  pg::Pool& pool_;
  PgEventLog log_;
  std::int64_t fence_ = 0;  // the calls never run at once
};

}  // namespace papertape::trade_engine

// The journal in PostgreSQL: a batch is one transaction of a few statements, so that its cost is shared by all its
// orders. New rows are copied in binary; what changes is updated from arrays, one parameter a column. The fence in
// `engine_state` makes sure that one process writes.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "libs/pg/pool.h"
#include "services/trade_engine/domain/ports.h"

namespace papertape::trade_engine {

class PgJournal : public Journal {
 public:
  // Turns an event into the message that goes to the outbox.
  struct EventCodec {
    std::string type;  // full name of the message
    std::function<std::string(std::int64_t session, const Event&)> encode;
  };
  PgJournal(pg::Pool& pool, EventCodec codec) : pool_(pool), codec_(std::move(codec)) {}

  absl::StatusOr<Snapshot> TakeOver() override;
  absl::StatusOr<Snapshot> TurnTo(const TapePosition& position) override;
  absl::Status Commit(const Batch& batch) override;

 private:
  absl::Status Stand(pg::Transaction& transaction, const TapePosition& position) const;
  void WriteEvents(pg::Transaction& transaction, const Batch& batch) const;

  pg::Pool& pool_;
  const EventCodec codec_;
  std::int64_t fence_ = 0;  // the calls never run at once
};

}  // namespace papertape::trade_engine

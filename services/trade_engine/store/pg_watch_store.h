// What is watched of written trades, in PostgreSQL. An alert, its event and the position in the tape are one
// transaction.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "libs/ids/ids.h"
#include "libs/pg/pool.h"
#include "services/trade_engine/domain/journal_watch.h"

namespace papertape::trade_engine {

class PgWatchStore : public WatchStore {
 public:
  static constexpr char kAlerts[] = "journal_alerts";  // what is relayed

  // Turns an alert into the message that is relayed.
  struct AlertCodec {
    std::string type;  // full name of the message
    std::function<std::string(std::int64_t session, const JournalAlert&)> encode;
  };
  PgWatchStore(pg::Pool& pool, IdSource& ids, AlertCodec codec) : pool_(pool), ids_(ids), codec_(std::move(codec)) {}

  absl::StatusOr<WatchStart> TakeOver() override;
  absl::StatusOr<WatchStart> TurnTo(const TapePosition& position) override;
  absl::Status Commit(const TapePosition& position, const std::vector<JournalAlert>& alerts) override;

 private:
  absl::Status Stand(pg::Transaction& transaction, const TapePosition& position) const;
  void Tell(pg::Transaction& transaction, std::int64_t session, const std::vector<JournalAlert>& alerts);

  pg::Pool& pool_;
  IdSource& ids_;
  const AlertCodec codec_;
  std::int64_t fence_ = 0;  // the calls never run at once
};

}  // namespace papertape::trade_engine

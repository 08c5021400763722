// The trading journal in PostgreSQL.
#pragma once

#include "libs/pg/pool.h"
#include "services/trade_engine/domain/trading_journal.h"

namespace papertape::trade_engine {

class PgTradingJournal : public TradingJournal {
 public:
  explicit PgTradingJournal(pg::Pool& pool) : pool_(pool) {}
  absl::StatusOr<EntryPage> List(const EntryFilter& filter) override;
  absl::StatusOr<JournalEntry> Find(std::int64_t session, std::int64_t user_id, const std::string& trade_id) override;
  absl::StatusOr<JournalEntry> Write(std::int64_t session, const JournalEntry& entry,
                                     const Repeatable& repeatable) override;
  absl::StatusOr<JournalEntry> Close(std::int64_t session, const CloseEntry& command, Timestamp now,
                                     const Repeatable& repeatable) override;
  absl::StatusOr<JournalEntry> Change(std::int64_t session, const ChangeEntry& command, Timestamp now,
                                      const Repeatable& repeatable) override;
  absl::StatusOr<JournalEntry> Delete(std::int64_t session, std::int64_t user_id, const std::string& trade_id,
                                      const Repeatable& repeatable) override;

 private:
  pg::Pool& pool_;
};

}  // namespace papertape::trade_engine

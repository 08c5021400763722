// The books in PostgreSQL, checked against the event log and made again from it.
#pragma once

#include <functional>
#include <string_view>

#include "libs/pg/pool.h"
#include "services/trade_engine/domain/event_log.h"
#include "services/trade_engine/domain/ledger.h"
#include "services/trade_engine/domain/ledger_projection.h"

namespace papertape::trade_engine {

class PgLedger : public Ledger {
 public:
  // Reads an event's payload back.
  using Decode = std::function<absl::StatusOr<EventRecord>(std::string_view payload)>;
  PgLedger(pg::Pool& pool, Decode decode) : pool_(pool), decode_(std::move(decode)) {}

  absl::StatusOr<LogFinding> Check(const LogPlace& after, std::int64_t size) override;
  absl::StatusOr<std::vector<LogPlace>> Missing(const std::vector<LogPlace>& places) override;
  absl::StatusOr<BooksFinding> Compare(const AccountKey& after, std::int64_t size) override;
  absl::Status Repair(const std::vector<AccountKey>& accounts) override;
  absl::StatusOr<std::vector<Transfer>> Statement(const AccountKey& account, std::int64_t after_seq,
                                                  std::int64_t after_line, std::int64_t size) override;

 private:
  // Replays an account. INTERNAL where its chain or what it tells is broken.
  absl::StatusOr<LedgerProjection> Replay(pg::Transaction& transaction, const AccountKey& account);
  absl::Status CompareAccount(pg::Transaction& transaction, const AccountKey& account, BooksFinding& finding);
  absl::Status RepairAccount(pg::Transaction& transaction, const AccountKey& account);

  pg::Pool& pool_;
  const Decode decode_;
};

}  // namespace papertape::trade_engine

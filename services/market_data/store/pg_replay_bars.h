// Recorded minutes and days as a replay reads them: all symbols of one day at once. Thread-safe.
#pragma once

#include "libs/pg/pool.h"
#include "services/market_data/domain/session_ports.h"

namespace papertape::market {

class PgReplayBars final : public ReplayBars {
 public:
  explicit PgReplayBars(pg::Pool& pool) : pool_(pool) {}
  absl::StatusOr<std::vector<RecordedSymbol>> Symbols(Timestamp first_day, Timestamp last_day) override;
  absl::StatusOr<std::vector<RecordedDay>> On(Timestamp day) override;
  absl::StatusOr<std::optional<RecordedRange>> Range() override;

 private:
  pg::Pool& pool_;
};

}  // namespace papertape::market

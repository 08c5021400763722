// Sessions of the market in PostgreSQL. Thread-safe.
#pragma once

#include "libs/pg/pool.h"
#include "services/market_data/domain/session_ports.h"

namespace papertape::market {

class PgMarketSessions final : public MarketSessionStore {
 public:
  explicit PgMarketSessions(pg::Pool& pool) : pool_(pool) {}
  absl::StatusOr<std::optional<MarketSession>> Active() override;
  absl::StatusOr<MarketSession> Open(const MarketSession& session) override;
  absl::StatusOr<MarketSession> Change(const MarketSession& session) override;
  absl::Status Advance(std::int64_t number, Timestamp clock) override;

 private:
  pg::Pool& pool_;
};

}  // namespace papertape::market

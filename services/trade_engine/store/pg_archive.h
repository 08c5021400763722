// Committed trades and orders in PostgreSQL.
#pragma once

#include "libs/pg/pool.h"
#include "services/trade_engine/domain/ports.h"

namespace papertape::trade_engine {

class PgArchive : public Archive {
 public:
  explicit PgArchive(pg::Pool& pool) : pool_(pool) {}
  absl::StatusOr<Trade> FindTrade(std::int64_t session, std::int64_t user_id, const std::string& trade_id) override;
  absl::StatusOr<std::vector<Order>> ListOrders(std::int64_t session, std::int64_t user_id,
                                                std::int64_t limit) override;
  absl::StatusOr<std::vector<Order>> OrdersOf(std::int64_t session, std::int64_t user_id,
                                              const std::string& trade_id) override;

 private:
  absl::StatusOr<std::vector<Order>> Orders(const char* where, const std::vector<pg::Param>& params);

  pg::Pool& pool_;
};

}  // namespace papertape::trade_engine

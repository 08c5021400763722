// Corporate actions and what they did, in PostgreSQL. Thread-safe.
#pragma once

#include "libs/pg/pool.h"
#include "services/trade_engine/domain/action_ports.h"

namespace papertape::trade_engine {

class PgActionArchive : public ActionArchive {
 public:
  explicit PgActionArchive(pg::Pool& pool) : pool_(pool) {}
  absl::StatusOr<std::vector<CorporateAction>> Unsettled(std::int64_t session) override;
  absl::StatusOr<std::vector<Trade>> ClosedAcross(const CorporateAction& action) override;
  absl::StatusOr<std::vector<Adjustment>> AdjustmentsOf(std::int64_t session, std::int64_t user_id,
                                                        const std::string& trade_id) override;

 private:
  pg::Pool& pool_;
};

}  // namespace papertape::trade_engine

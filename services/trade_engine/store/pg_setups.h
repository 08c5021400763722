// Setups in PostgreSQL. They belong to their user in every session of the market.
#pragma once

#include "libs/pg/pool.h"
#include "services/trade_engine/domain/setup.h"

namespace papertape::trade_engine {

class PgSetups : public SetupStore {
 public:
  explicit PgSetups(pg::Pool& pool) : pool_(pool) {}
  absl::StatusOr<Setup> Add(const Setup& setup, const idempotency::Repeatable<Setup>& repeatable) override;
  absl::StatusOr<std::vector<Setup>> List(std::int64_t user_id, const std::string& tag) override;
  absl::StatusOr<Setup> Find(std::int64_t user_id, const std::string& setup_id) override;
  absl::StatusOr<Setup> Replace(std::int64_t user_id, const std::string& setup_id, const SetupText& text, Timestamp now,
                                const idempotency::Repeatable<Setup>& repeatable) override;
  absl::StatusOr<Setup> Delete(std::int64_t user_id, const std::string& setup_id, Timestamp now,
                               const idempotency::Repeatable<Setup>& repeatable) override;

 private:
  pg::Pool& pool_;
};

}  // namespace papertape::trade_engine

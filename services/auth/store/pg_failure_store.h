// Failed sign-ins in PostgreSQL: the table `sign_in_failures`. Thread-safe.
#pragma once

#include "libs/pg/pool.h"
#include "services/auth/domain/lockout.h"

namespace papertape::auth {

class PgFailureStore final : public FailureStore {
 public:
  explicit PgFailureStore(pg::Pool& pool) : pool_(pool) {}
  absl::Status Change(const std::vector<std::string>& subjects,
                      const std::function<absl::Status(std::vector<FailureRecord>&)>& change) override;
  absl::Status Erase(Timestamp time) override;

 private:
  pg::Pool& pool_;
};

}  // namespace papertape::auth

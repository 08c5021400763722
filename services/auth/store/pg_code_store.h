// One-time codes in PostgreSQL: the table `one_time_codes`. Thread-safe.
#pragma once

#include "libs/pg/pool.h"
#include "services/auth/domain/one_time_codes.h"

namespace papertape::auth {

class PgCodeStore final : public CodeStore {
 public:
  explicit PgCodeStore(pg::Pool& pool) : pool_(pool) {}
  absl::Status Change(std::string_view subject, const std::function<absl::Status(CodeRecord&)>& change) override;
  absl::Status Erase(Timestamp time) override;

 private:
  pg::Pool& pool_;
};

}  // namespace papertape::auth

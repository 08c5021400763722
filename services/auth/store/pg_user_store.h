// Users in PostgreSQL: the table `users`. Thread-safe.
#pragma once

#include "libs/pg/pool.h"
#include "services/auth/domain/ports.h"
#include "services/auth/store/audit_trail.h"

namespace papertape::auth {

class PgUserStore final : public UserStore {
 public:
  PgUserStore(pg::Pool& pool, const AuditTrail& trail) : pool_(pool), trail_(trail) {}
  absl::StatusOr<User> Insert(const StoredUser& user, const Repeatable<User>& repeatable,
                              const AuditEntry& entry) override;
  absl::StatusOr<std::optional<StoredUser>> FindByEmail(std::string_view email) override;
  absl::StatusOr<std::optional<StoredUser>> FindByUsername(std::string_view username) override;
  absl::StatusOr<std::optional<User>> FindById(std::int64_t user_id) override;
  absl::StatusOr<std::optional<StoredUser>> FindStored(std::int64_t user_id) override;
  absl::Status UpdateProfile(const User& user) override;
  absl::Status MarkVerified(std::int64_t user_id, const AuditEntry& entry) override;
  absl::Status ReplaceHash(std::int64_t user_id, std::string_view stored, std::string_view renewed) override;

 private:
  absl::StatusOr<std::optional<StoredUser>> FindOne(const std::string& condition, const pg::Param& value);

  pg::Pool& pool_;
  const AuditTrail& trail_;
};

}  // namespace papertape::auth

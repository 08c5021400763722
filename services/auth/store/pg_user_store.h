// Users in PostgreSQL: the tables `users` and `registration_keys`. Thread-safe.
#pragma once

#include "libs/pg/pool.h"
#include "services/auth/domain/ports.h"

namespace papertape::auth {

class PgUserStore final : public UserStore {
 public:
  explicit PgUserStore(pg::Pool& pool) : pool_(pool) {}
  absl::StatusOr<User> Insert(const StoredUser& user, const RepeatKey& key) override;
  absl::StatusOr<std::optional<User>> FindByKey(const RepeatKey& key) override;
  absl::StatusOr<std::optional<StoredUser>> FindByEmail(std::string_view email) override;
  absl::StatusOr<std::optional<StoredUser>> FindByUsername(std::string_view username) override;
  absl::StatusOr<std::optional<User>> FindById(std::int64_t user_id) override;
  absl::Status ReplaceHash(std::int64_t user_id, std::string_view stored, std::string_view renewed) override;

 private:
  absl::StatusOr<std::optional<StoredUser>> FindOne(const std::string& condition, const pg::Param& value);

  pg::Pool& pool_;
};

}  // namespace papertape::auth

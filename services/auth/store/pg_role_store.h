// Roles in PostgreSQL: the column of `users`, and what ends with a higher role. Thread-safe.
#pragma once

#include "libs/ids/ids.h"
#include "libs/pg/pool.h"
#include "services/auth/domain/administration.h"
#include "services/auth/store/audit_trail.h"

namespace papertape::auth {

class PgRoleStore final : public RoleStore {
 public:
  // `ids` names the events.
  PgRoleStore(pg::Pool& pool, IdSource& ids, const AuditTrail& trail) : pool_(pool), ids_(ids), trail_(trail) {}
  absl::StatusOr<RoleChanged> SetRole(const RoleChange& change) override;

 private:
  void EndAllOf(pg::Transaction& transaction, const RoleChange& change, RoleChanged& changed);

  pg::Pool& pool_;
  IdSource& ids_;
  const AuditTrail& trail_;
};

}  // namespace papertape::auth

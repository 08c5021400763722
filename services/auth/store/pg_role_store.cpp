#include "services/auth/store/pg_role_store.h"

#include "libs/status/status.h"
#include "services/auth/store/pg_api_key_store.h"
#include "services/auth/store/pg_session_store.h"
#include "services/auth/store/user_rows.h"

namespace papertape::auth {

absl::StatusOr<RoleChanged> PgRoleStore::SetRole(const RoleChange& change) {
  RoleChanged changed;
  PT_RETURN_IF_ERROR(pool_.Transact([&](pg::Transaction& transaction) {
    const pg::Rows rows = transaction.Exec(
        "select " + std::string(kUserColumns) + " from users u where u.email = $1 for update", {change.email});
    if (rows.empty()) return Error(Reason::kUSER_NOT_FOUND);
    changed = {.user = ReadUser(rows, 0)};
    changed.previous_role = std::exchange(changed.user.role, change.role);
    if (changed.previous_role == change.role) return absl::OkStatus();
    transaction.Exec("update users set role = $2 where id = $1", {changed.user.id, change.role});
    if (IsDemotion(changed.previous_role, change.role)) EndAllOf(transaction, change, changed);
    trail_.Append(transaction, {.by = change.from,
                                .action = deed::kRoleChanged,
                                .subject_id = changed.user.id,
                                .detail = {{"from", changed.previous_role}, {"to", change.role}}});
    return absl::OkStatus();
  }));
  return changed;
}

void PgRoleStore::EndAllOf(pg::Transaction& transaction, const RoleChange& change, RoleChanged& changed) {
  const Ending ending{.reason = EndReason::kAdministrator,
                      .now = change.now,
                      .tokens_until = change.tokens_until,
                      .entry = {.by = change.from}};
  changed.ended_sessions = EndSessionsOf(transaction, ids_, changed.user.id, ending);
  const KeyEnding key_ending{.now = change.now, .tokens_until = change.tokens_until, .from = change.from};
  for (const std::string& key_id : RevokeKeysOf(transaction, ids_, changed.user.id, key_ending)) {
    changed.ended_sessions.push_back(SessionOfKey(key_id));
    ++changed.keys_revoked;
  }
}

}  // namespace papertape::auth

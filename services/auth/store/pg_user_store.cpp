#include "services/auth/store/pg_user_store.h"

#include "libs/idempotency/once.h"
#include "libs/status/status.h"
#include "services/auth/store/user_rows.h"

namespace papertape::auth {
namespace {

// What a violated constraint means to the caller.
absl::Status Refusal(const absl::Status& status) {
  const std::string constraint = pg::ViolatedConstraint(status);
  if (constraint == "users_email_key") return Error(Reason::kEMAIL_TAKEN);
  if (constraint == "users_username_key") return Error(Reason::kUSERNAME_TAKEN);
  return status;
}

User InsertUser(pg::Transaction& transaction, const StoredUser& stored) {
  User user = stored.user;
  const pg::Rows rows = transaction.Exec(
      "insert into users (email, username, name, phone, password_hash, role, is_active, is_verified) "
      "values ($1, $2, $3, $4, $5, $6, $7, $8) returning id, created_at",
      {user.email, user.username, user.name, user.phone, stored.password_hash, user.role, user.is_active,
       user.is_verified});
  user.id = rows.Int(0, 0);
  user.created_at = rows.Time(0, 1);
  return user;
}

}  // namespace

absl::StatusOr<User> PgUserStore::Insert(const StoredUser& stored, const Repeatable<User>& repeatable,
                                         const AuditEntry& entry) {
  absl::StatusOr<User> user;
  const absl::Status status = pool_.Transact([&](pg::Transaction& transaction) {
    user = idempotency::Once(transaction, repeatable, [&]() -> absl::StatusOr<User> {
      User inserted = InsertUser(transaction, stored);
      AuditEntry about = entry;
      about.subject_id = inserted.id;
      trail_.Append(transaction, about);
      return inserted;
    });
    return user.status();
  });
  if (!status.ok()) return Refusal(status);
  return user;
}

absl::StatusOr<std::optional<StoredUser>> PgUserStore::FindOne(const std::string& condition, const pg::Param& value) {
  std::optional<StoredUser> found;
  PT_RETURN_IF_ERROR(pool_.Read([&](pg::Transaction& transaction) {
    const pg::Rows rows = transaction.Exec(
        "select " + std::string(kUserColumns) + ", u.password_hash from users u where " + condition, {value});
    if (!rows.empty()) {
      found = StoredUser{.user = ReadUser(rows, 0), .password_hash = std::string(rows.Text(0, kUserColumnCount))};
    }
    return absl::OkStatus();
  }));
  return found;
}

absl::StatusOr<std::optional<StoredUser>> PgUserStore::FindByEmail(std::string_view email) {
  return FindOne("u.email = $1", email);
}

absl::StatusOr<std::optional<StoredUser>> PgUserStore::FindByUsername(std::string_view username) {
  return FindOne("lower(u.username) = lower($1)", username);
}

absl::StatusOr<std::optional<StoredUser>> PgUserStore::FindStored(std::int64_t user_id) {
  return FindOne("u.id = $1", user_id);
}

absl::StatusOr<std::optional<User>> PgUserStore::FindById(std::int64_t user_id) {
  PT_ASSIGN_OR_RETURN(const std::optional<StoredUser> found, FindStored(user_id));
  if (!found) return std::optional<User>();
  return std::optional<User>(found->user);
}

absl::Status PgUserStore::UpdateProfile(const User& user) {
  const absl::Status status = pool_.Transact([&](pg::Transaction& transaction) {
    const pg::Rows rows = transaction.Exec("update users set name = $2, phone = $3, username = $4 where id = $1",
                                           {user.id, user.name, user.phone, user.username});
    return rows.affected() == 1 ? absl::OkStatus() : Error(Reason::kUSER_NOT_FOUND);
  });
  return status.ok() ? status : Refusal(status);
}

absl::Status PgUserStore::MarkVerified(std::int64_t user_id, const AuditEntry& entry) {
  return pool_.Transact([&](pg::Transaction& transaction) {
    const pg::Rows rows =
        transaction.Exec("update users set is_verified = true where id = $1 and not is_verified", {user_id});
    if (rows.affected() == 1) trail_.Append(transaction, entry);
    return absl::OkStatus();
  });
}

absl::Status PgUserStore::ReplaceHash(std::int64_t user_id, std::string_view stored, std::string_view renewed) {
  return pool_.Transact([&](pg::Transaction& transaction) {
    transaction.Exec("update users set password_hash = $3 where id = $1 and password_hash = $2",
                     {user_id, stored, renewed});
    return absl::OkStatus();
  });
}

}  // namespace papertape::auth

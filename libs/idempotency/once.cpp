#include "libs/idempotency/once.h"

#include "fmt/format.h"

namespace papertape::idempotency {

absl::StatusOr<std::optional<std::string>> Find(pg::Transaction& transaction, const Key& key, std::string_view table) {
  if (key.empty()) return std::optional<std::string>();
  // Twins wait here for each other until the first commits; the statement after it sees what that one kept.
  transaction.Exec("select pg_advisory_xact_lock(hashtextextended(current_schema || '/' || $1 || '/' || $2, 0))",
                   {std::to_string(key.user_id), key.text});
  const pg::Rows rows =
      transaction.Exec(fmt::format("select fingerprint, answer from {} "
                                   "where user_id = $1 and key = $2 and created_at > now() - interval '1 day'",
                                   table),
                       {key.user_id, key.text});
  if (rows.empty()) return std::optional<std::string>();
  if (rows.Text(0, 0) != key.fingerprint) return Error(Reason::kIDEMPOTENCY_CONFLICT);
  return std::optional<std::string>(rows.Bytes(0, 1));
}

void Remember(pg::Transaction& transaction, const Key& key, std::string_view answer, std::string_view table) {
  if (key.empty()) return;
  transaction.Exec(
      fmt::format(
          "insert into {} (user_id, key, fingerprint, answer) values ($1, $2, $3, $4) "
          "on conflict (user_id, key) do update set fingerprint = excluded.fingerprint, answer = excluded.answer, "
          "created_at = excluded.created_at",
          table),
      {key.user_id, key.text, key.fingerprint, pg::Param::Bytes(answer)});
  transaction.Exec(
      fmt::format("delete from {0} where (user_id, key) in (select user_id, key from {0} "
                  "where created_at < now() - interval '1 day' order by created_at limit 10 for update skip locked)",
                  table));
}

}  // namespace papertape::idempotency

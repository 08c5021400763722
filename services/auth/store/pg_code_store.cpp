#include "services/auth/store/pg_code_store.h"

#include "libs/status/status.h"

namespace papertape::auth {

absl::Status PgCodeStore::Change(std::string_view subject, const std::function<absl::Status(CodeRecord&)>& change) {
  return pool_.Transact([&](pg::Transaction& transaction) -> absl::Status {
    // Makes the row where there is none, and locks it.
    const pg::Rows rows = transaction.Exec(
        "insert into one_time_codes (subject) values ($1) on conflict (subject) do update set subject = "
        "excluded.subject "
        "returning digest, tries, expires_at, sent_at, sent",
        {subject});
    CodeRecord record{.digest = std::string(rows.Text(0, 0)),
                      .tries = static_cast<int>(rows.Int(0, 1)),
                      .expires_at = rows.Time(0, 2),
                      .sent_at = rows.Time(0, 3),
                      .sent = static_cast<int>(rows.Int(0, 4))};
    PT_RETURN_IF_ERROR(change(record));
    transaction.Exec(
        "update one_time_codes set digest = $2, tries = $3, expires_at = $4, sent_at = $5, sent = $6 where subject = "
        "$1",
        {subject, record.digest, record.tries, record.expires_at, record.sent_at, record.sent});
    return absl::OkStatus();
  });
}

absl::Status PgCodeStore::Erase(Timestamp time) {
  return pool_.Transact([&](pg::Transaction& transaction) {
    transaction.Exec("delete from one_time_codes where sent_at < $1", {time});
    return absl::OkStatus();
  });
}

}  // namespace papertape::auth

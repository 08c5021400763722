#include "services/auth/store/pg_failure_store.h"

#include "libs/status/status.h"

namespace papertape::auth {
namespace {

// Makes the row where there is none, and locks it.
FailureRecord Lock(pg::Transaction& transaction, const std::string& subject) {
  const pg::Rows rows = transaction.Exec(
      "insert into sign_in_failures (subject) values ($1) on conflict (subject) do update set subject = "
      "excluded.subject "
      "returning failures, next_at, last_at",
      {subject});
  return {.failures = static_cast<int>(rows.Int(0, 0)), .next_at = rows.Time(0, 1), .last_at = rows.Time(0, 2)};
}

}  // namespace

absl::Status PgFailureStore::Change(const std::vector<std::string>& subjects,
                                    const std::function<absl::Status(std::vector<FailureRecord>&)>& change) {
  return pool_.Transact([&](pg::Transaction& transaction) -> absl::Status {
    // Always the account before the address, so that no two of these wait for each other.
    std::vector<FailureRecord> records;
    for (const std::string& subject : subjects) records.push_back(Lock(transaction, subject));
    PT_RETURN_IF_ERROR(change(records));
    for (std::size_t i = 0; i < subjects.size(); ++i) {
      transaction.Exec("update sign_in_failures set failures = $2, next_at = $3, last_at = $4 where subject = $1",
                       {subjects[i], records[i].failures, records[i].next_at, records[i].last_at});
    }
    return absl::OkStatus();
  });
}

absl::Status PgFailureStore::Erase(Timestamp time) {
  return pool_.Transact([&](pg::Transaction& transaction) {
    transaction.Exec("delete from sign_in_failures where last_at < $1", {time});
    return absl::OkStatus();
  });
}

}  // namespace papertape::auth

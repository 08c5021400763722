// Work that is done once, however often it is asked for: the answer is kept for a day, in the transaction of the
// effect, so that there is either both or neither. Every service with creating methods has in a migration:
//   create table idempotency_keys (user_id bigint not null, key text not null, fingerprint text not null,
//     answer bytea not null, created_at timestamptz not null default now(),
//     constraint idempotency_keys_pkey primary key (user_id, key));
//   create index idempotency_keys_age on idempotency_keys (created_at);
// One that keeps its answers elsewhere names a table with these columns and this key. Refusals are not kept: what is
// refused may be tried again. Thread-safe.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "libs/idempotency/repeatable.h"
#include "libs/pg/pool.h"
#include "libs/status/status.h"

namespace papertape::idempotency {

inline constexpr std::string_view kTable = "idempotency_keys";

// The answer kept under the key: none for an empty key, a new one, or one older than a day. IDEMPOTENCY_CONFLICT when
// it was kept for another request. A key that another transaction is working under is waited for.
absl::StatusOr<std::optional<std::string>> Find(pg::Transaction& transaction, const Key& key,
                                                std::string_view table = kTable);
// Keeps the answer; nothing for an empty key. Deletes some of what is too old.
void Remember(pg::Transaction& transaction, const Key& key, std::string_view answer, std::string_view table = kTable);

// The earlier result, or that of `work()`, which answers absl::StatusOr<Result>. Inside the transaction that `work`
// writes in, and before anything else in it.
template <class Result, class Work>
absl::StatusOr<Result> Once(pg::Transaction& transaction, const Repeatable<Result>& repeatable, Work work,
                            std::string_view table = kTable) {
  PT_ASSIGN_OR_RETURN(const std::optional<std::string> earlier, Find(transaction, repeatable.key, table));
  if (earlier) return repeatable.decode(*earlier);
  absl::StatusOr<Result> result = work();
  if (result.ok() && !repeatable.key.empty()) Remember(transaction, repeatable.key, repeatable.encode(*result), table);
  return result;
}

}  // namespace papertape::idempotency

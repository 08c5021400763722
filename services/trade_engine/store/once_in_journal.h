// Work of the journal and of setups that is done once, however often it is asked for. Its answers have a table of their
// own: the engine keeps those of its commands in memory and writes `idempotency_keys` by itself.
#pragma once

#include <functional>
#include <utility>

#include "libs/idempotency/once.h"

namespace papertape::trade_engine {

// `work()` answers absl::StatusOr<Result>; runs in a transaction, which is kept when it succeeds.
template <class Result, class Work>
absl::StatusOr<Result> OnceInJournal(pg::Pool& pool, const idempotency::Repeatable<Result>& repeatable, Work work) {
  absl::StatusOr<Result> result = absl::InternalError("not run");
  PT_RETURN_IF_ERROR(pool.Transact([&](pg::Transaction& transaction) {
    result = idempotency::Once(
        transaction, repeatable, [&] { return work(transaction); }, "journal_keys");
    return result.status();
  }));
  return result;
}

}  // namespace papertape::trade_engine

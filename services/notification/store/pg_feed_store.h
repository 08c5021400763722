// The feed in PostgreSQL: the tables `notifications` and `feed_heads`. Thread-safe.
#pragma once

#include "libs/pg/pool.h"
#include "services/notification/domain/ports.h"

namespace papertape::notification {

class PgFeedStore final : public FeedStore {
 public:
  explicit PgFeedStore(pg::Pool& pool) : pool_(pool) {}
  absl::StatusOr<FeedPage> List(const FeedQuery& query) override;
  absl::StatusOr<Entry> MarkRead(std::int64_t user_id, std::int64_t entry_id) override;
  absl::StatusOr<std::int64_t> MarkAllRead(std::int64_t user_id) override;

 private:
  pg::Pool& pool_;
};

// Adds an entry to its owner's feed within `transaction`, with the next number of the owner.
Entry AppendEntry(pg::Transaction& transaction, const Draft& draft);

}  // namespace papertape::notification

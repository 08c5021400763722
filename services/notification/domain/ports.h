// What the domain needs of the world. Implementations are thread-safe.
#pragma once

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "services/notification/domain/feed.h"

namespace papertape::notification {

// Which part of a user's feed.
struct FeedQuery {
  std::int64_t user_id = 0;
  bool unread_only = false;
  std::int64_t offset = 0;
  std::int64_t size = 20;
};

struct FeedPage {
  std::vector<Entry> entries;     // newest first
  std::int64_t total = 0;         // that match, on all pages
  std::int64_t unread_count = 0;  // on all pages
};

class FeedStore {
 public:
  virtual ~FeedStore() = default;
  virtual absl::StatusOr<FeedPage> List(const FeedQuery& query) = 0;
  // The entry, read now if not before. NOTIFICATION_NOT_FOUND for another user's, too.
  virtual absl::StatusOr<Entry> MarkRead(std::int64_t user_id, std::int64_t entry_id) = 0;
  // How many were unread.
  virtual absl::StatusOr<std::int64_t> MarkAllRead(std::int64_t user_id) = 0;
};

}  // namespace papertape::notification

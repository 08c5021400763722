#include "services/notification/store/pg_feed_store.h"

#include <thread>

#include "migrations/notification_store.h"
#include "tests/support/matchers.h"
#include "tests/support/test_database.h"

namespace papertape::notification {
namespace {

using testing::HasReason;
using testing::IsOk;

struct World {
  const testing::TestDatabase database;
  const std::unique_ptr<pg::Pool> pool = database.Migrated("notification", notification_store::Migrations());
  PgFeedStore feed{*pool};

  Entry Append(std::int64_t user_id, const std::string& title = "Trade opened: AAPL") {
    Entry entry;
    const absl::Status status = pool->Transact([&](pg::Transaction& transaction) {
      entry = AppendEntry(transaction, {.user_id = user_id,
                                        .type = "trade_created",
                                        .title = title,
                                        .message = "Bought 10 AAPL at $150.00",
                                        .data = R"({"z":1.50,"a":[]})"});
      return absl::OkStatus();
    });
    REQUIRE_THAT(status, IsOk());
    return entry;
  }
  FeedPage List(const FeedQuery& query) {
    const auto page = feed.List(query);
    REQUIRE_THAT(page.status(), IsOk());
    return *page;
  }
};

std::vector<std::int64_t> Seqs(const FeedPage& page) {
  std::vector<std::int64_t> seqs;
  for (const Entry& entry : page.entries) seqs.push_back(entry.seq);
  return seqs;
}

TEST_CASE("an entry is kept as it was written") {
  World world;
  const Entry entry = world.Append(7);
  CHECK(entry.seq == 1);
  const FeedPage page = world.List({.user_id = 7});
  REQUIRE(page.entries.size() == 1);
  const Entry& listed = page.entries[0];
  CHECK(listed.id == entry.id);
  CHECK(listed.user_id == 7);
  CHECK(listed.type == "trade_created");
  CHECK(listed.title == "Trade opened: AAPL");
  CHECK(listed.message == "Bought 10 AAPL at $150.00");
  CHECK(listed.data == R"({"z":1.50,"a":[]})");  // to the letter
  CHECK_FALSE(listed.is_read);
  CHECK(listed.created_at == entry.created_at);
}

TEST_CASE("each user's entries are numbered by themselves, and listed newest first in pages") {
  World world;
  for (int i = 0; i < 5; ++i) world.Append(7);
  CHECK(world.Append(8).seq == 1);
  CHECK(Seqs(world.List({.user_id = 7, .offset = 0, .size = 2})) == std::vector<std::int64_t>{5, 4});
  CHECK(Seqs(world.List({.user_id = 7, .offset = 4, .size = 2})) == std::vector<std::int64_t>{1});
  CHECK(Seqs(world.List({.user_id = 7, .offset = 5, .size = 2})).empty());
  const FeedPage page = world.List({.user_id = 7, .offset = 2, .size = 2});
  CHECK(Seqs(page) == std::vector<std::int64_t>{3, 2});
  CHECK(page.total == 5);
  CHECK(page.unread_count == 5);
  CHECK(world.List({.user_id = 9}).total == 0);
}

TEST_CASE("numbers have no gaps when many append at once and some fail") {
  World world;
  constexpr int kWriters = 6;
  constexpr int kEach = 20;
  std::vector<std::thread> writers;
  for (int writer = 0; writer < kWriters; ++writer) {
    writers.emplace_back([&, writer] {
      for (int i = 0; i < kEach; ++i) {
        // Every third transaction rolls back after it has taken its number.
        const bool fails = (writer + i) % 3 == 0;
        world.pool
            ->Transact([&](pg::Transaction& transaction) {
              AppendEntry(transaction, {.user_id = 7, .type = "t", .title = "t", .message = "m", .data = "{}"});
              return fails ? absl::InternalError("rolled back") : absl::OkStatus();
            })
            .IgnoreError();
      }
    });
  }
  for (std::thread& writer : writers) writer.join();
  const std::int64_t total = world.List({.user_id = 7}).total;
  CHECK(total == kWriters * kEach * 2 / 3);
  CHECK(world.database.Execute("select count(*) || ' ' || min(seq) || ' ' || max(seq) from "
                               "notification.notifications") == std::to_string(total) + " 1 " + std::to_string(total));
}

TEST_CASE("marking read concerns the owner's entries alone, and may be repeated") {
  World world;
  const Entry mine = world.Append(7);
  world.Append(7);
  const Entry foreign = world.Append(8);
  for (int i = 0; i < 2; ++i) {
    const auto marked = world.feed.MarkRead(7, mine.id);
    REQUIRE_THAT(marked.status(), IsOk());
    CHECK(marked->is_read);
    CHECK(marked->id == mine.id);
  }
  CHECK_THAT(world.feed.MarkRead(7, foreign.id).status(), HasReason(Reason::kNOTIFICATION_NOT_FOUND));
  CHECK_THAT(world.feed.MarkRead(7, 999'999).status(), HasReason(Reason::kNOTIFICATION_NOT_FOUND));
  CHECK(world.List({.user_id = 8}).unread_count == 1);

  const FeedPage unread = world.List({.user_id = 7, .unread_only = true});
  CHECK(Seqs(unread) == std::vector<std::int64_t>{2});
  CHECK(unread.total == 1);
  const FeedPage all = world.List({.user_id = 7});
  CHECK(all.total == 2);
  CHECK(all.unread_count == 1);

  CHECK(*world.feed.MarkAllRead(7) == 1);
  CHECK(*world.feed.MarkAllRead(7) == 0);
  CHECK(world.List({.user_id = 7}).unread_count == 0);
  CHECK(world.List({.user_id = 8}).unread_count == 1);
}

}  // namespace
}  // namespace papertape::notification

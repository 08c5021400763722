#include "services/notification/store/pg_mail_queue.h"

#include <set>
#include <thread>

#include "libs/ids/ids.h"
#include "migrations/notification_store.h"
#include "tests/support/matchers.h"
#include "tests/support/notification/mail_queue_contract.h"
#include "tests/support/test_database.h"

namespace papertape::notification {
namespace {

using testing::IsOk;

const SealKeys kKeys{.current = std::string(32, 'k')};
const Timestamp kNow = FromMicrosSinceEpoch(1'772'461'800'000'000);

Mail AMail(const std::string& id) {
  return {.id = id,
          .to = "ann@example.com",
          .subject = "Your code",
          .text = "It is 123456.",
          .expires_at = kNow + std::chrono::minutes(10)};
}

struct World {
  const testing::TestDatabase database;
  const std::unique_ptr<pg::Pool> pool = database.Migrated("notification", notification_store::Migrations());
  const Sealer sealer{kKeys, SystemRandom()};
  PgMailQueue queue{*pool, sealer};
};

TEST_CASE("the PostgreSQL queue keeps to the contract") {
  World world;
  CheckMailQueueContract(world.queue);
}

TEST_CASE("a waiting mail is unreadable in the database, and erased once it was sent or given up") {
  World world;
  REQUIRE_THAT(world.queue.Add(AMail("a"), kNow).status(), IsOk());
  REQUIRE_THAT(world.queue.Add(AMail("b"), kNow).status(), IsOk());
  const std::string row =
      world.database.Execute("select encode(sealed, 'escape') || mails::text from notification.mails");
  CHECK(row.find("123456") == std::string::npos);
  CHECK(row.find("ann@") == std::string::npos);
  REQUIRE_THAT(world.queue.MarkSent("a", kNow), IsOk());
  REQUIRE_THAT(world.queue.MarkFailed("b", kNow, "550"), IsOk());
  CHECK(world.database.Execute("select count(*) from notification.mails where sealed is null") == "2");
}

TEST_CASE("a mail that was sealed with another key, or moved to another id, is told and not sent") {
  World world;
  const Sealer other({.current = std::string(32, 'o')}, SystemRandom());
  PgMailQueue foreign(*world.pool, other);
  REQUIRE_THAT(foreign.Add(AMail("a"), kNow).status(), IsOk());
  const auto due = world.queue.TakeDue(kNow, kNow);
  REQUIRE_THAT(due.status(), IsOk());
  CHECK_FALSE((*due)->mail.ok());
  REQUIRE_THAT(world.queue.MarkFailed("a", kNow, "unreadable"), IsOk());
  REQUIRE_THAT(world.queue.Add(AMail("b"), kNow).status(), IsOk());
  world.database.Execute("update notification.mails set id = 'c' where id = 'b'");
  CHECK_FALSE((*world.queue.TakeDue(kNow, kNow))->mail.ok());
}

TEST_CASE("of many senders at once each mail goes to one") {
  World world;
  constexpr int kMails = 40;
  for (int i = 0; i < kMails; ++i) REQUIRE_THAT(world.queue.Add(AMail(std::to_string(i)), kNow).status(), IsOk());
  std::mutex mutex;
  std::multiset<std::string> taken;
  std::vector<std::thread> senders;
  for (int i = 0; i < 6; ++i) {
    senders.emplace_back([&] {
      while (true) {
        const auto due = world.queue.TakeDue(kNow, kNow + std::chrono::minutes(1));
        if (!due.ok() || !*due) return;
        const std::lock_guard lock(mutex);
        taken.insert((*due)->id);
      }
    });
  }
  for (std::thread& sender : senders) sender.join();
  // A sender that found all waiting mails locked has left; none was given twice.
  CHECK(std::set<std::string>(taken.begin(), taken.end()).size() == taken.size());
  CHECK(taken.size() == kMails);
}

}  // namespace
}  // namespace papertape::notification

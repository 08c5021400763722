#include <atomic>
#include <mutex>
#include <thread>

#include "tests/integration/libs/event_fixture.h"
#include "tests/support/eventually.h"

namespace papertape::events {
namespace {

using namespace std::chrono_literals;
using testing::Eventually;
using testing::HasReason;
using testing::IsOk;

void Add(EventFixture& fixture, const std::vector<std::string>& ids) {
  for (const std::string& id : ids) {
    REQUIRE_THAT(fixture.redis.Run(AddCommand(kStream, 1'000, AnEvent(id))).status(), IsOk());
  }
}

std::size_t ConsumeAll(Consumer& consumer) {
  std::size_t all = 0;
  for (std::size_t applied = 1; applied > 0; all += applied) {
    const auto once = consumer.ConsumeOnce(0ms);
    REQUIRE_THAT(once.status(), IsOk());
    applied = *once;
  }
  return all;
}

}  // namespace

TEST_CASE("events are applied in order, once, and those that are new are told after the commit") {
  EventFixture fixture;
  Add(fixture, {"a", "b", "a", "c", "b"});
  std::string told;
  Consumer consumer(*fixture.pool, fixture.redis, EventFixture::Member("one"), Record,
                    [&](const std::vector<Event>& events) {
                      CHECK(fixture.Effects() == "a b c");
                      for (const Event& event : events) told += event.id;
                    });
  CHECK(ConsumeAll(consumer) == 3);
  CHECK(fixture.Effects() == "a b c");
  CHECK(told == "abc");
  CHECK(fixture.Pending("readers") == 0);
}

TEST_CASE("each group gets every event, the members of one share them") {
  EventFixture fixture;
  Consumer one(*fixture.pool, fixture.redis, EventFixture::Member("one"), Record);
  Consumer two(*fixture.pool, fixture.redis, EventFixture::Member("two"), Record);
  Add(fixture, {"a", "b"});
  CHECK(ConsumeAll(one) + ConsumeAll(two) == 2);
  CHECK(fixture.Effects() == "a b");
  // Another service has another schema, so its own marks.
  const auto other_pool = fixture.database.Migrated("other", EventTables());
  auto options = EventFixture::Member("one");
  options.group = "others";
  Consumer other(*other_pool, fixture.redis, options, Record);
  CHECK(ConsumeAll(other) == 2);
  CHECK(fixture.database.Execute("select string_agg(event_id, ' ' order by n) from other.effects") == "a b");
}

TEST_CASE("an event that fails goes to the dead letters, the others go on") {
  EventFixture fixture;
  Add(fixture, {"a", "poison", "b"});
  int attempts = 0;
  Consumer consumer(*fixture.pool, fixture.redis, EventFixture::Member("one"),
                    [&](pg::Transaction& transaction, const Event& event) {
                      PT_RETURN_IF_ERROR(Record(transaction, event));
                      if (event.id != "poison") return absl::OkStatus();
                      ++attempts;
                      return InvalidField("payload", "cannot be read");
                    });
  CHECK(ConsumeAll(consumer) == 2);
  CHECK(fixture.Effects() == "a b");
  CHECK(attempts == 6);  // once with the batch, five times alone
  CHECK(fixture.Pending("readers") == 0);
  const auto dead = fixture.redis.ReadStream("events.test.dead", "0-0", 10, 0ms);
  REQUIRE_THAT(dead.status(), IsOk());
  REQUIRE(dead->size() == 1);
  CHECK(*dead->at(0).Find("id") == "poison");
  CHECK(*dead->at(0).Find("payload") == AnEvent("poison").payload);
  CHECK(*dead->at(0).Find("group") == "readers");
  CHECK(dead->at(0).Find("error")->find("cannot be read") != std::string::npos);
}

TEST_CASE("an event that breaks the database's rules is buried like any other") {
  EventFixture fixture;
  fixture.database.Execute("alter table events.effects add check (event_id <> 'poison')");
  Add(fixture, {"poison", "a"});
  Consumer consumer(*fixture.pool, fixture.redis, EventFixture::Member("one"), Record);
  CHECK(ConsumeAll(consumer) == 1);
  CHECK(fixture.Effects() == "a");
  CHECK(fixture.Streamed("events.test.dead") == "poison");
}

TEST_CASE("an entry that is no event is buried without asking the handler") {
  EventFixture fixture;
  REQUIRE_THAT(fixture.redis.Run({"XADD", kStream, "*", "id", "odd", "type", "x"}).status(), IsOk());
  Add(fixture, {"a"});
  Consumer consumer(*fixture.pool, fixture.redis, EventFixture::Member("one"), Record);
  CHECK(ConsumeAll(consumer) == 1);
  CHECK(fixture.Effects() == "a");
  CHECK(fixture.Streamed("events.test.dead") == "odd");
}

TEST_CASE("while a dependency is away events wait and nothing is buried") {
  EventFixture fixture;
  Add(fixture, {"a", "b"});
  bool away = true;
  Consumer consumer(*fixture.pool, fixture.redis, EventFixture::Member("one"),
                    [&](pg::Transaction& transaction, const Event& event) {
                      return away && event.id == "b" ? Error(Reason::kUNAVAILABLE) : Record(transaction, event);
                    });
  for (int i = 0; i < 10; ++i) CHECK_THAT(consumer.ConsumeOnce(0ms).status(), HasReason(Reason::kUNAVAILABLE));
  CHECK(fixture.Effects().empty());
  away = false;
  CHECK(ConsumeAll(consumer) == 2);
  CHECK(fixture.Effects() == "a b");
  CHECK(fixture.Streamed("events.test.dead").empty());
}

TEST_CASE("backends killed under a running consumer cost nothing and repeat nothing") {
  EventFixture fixture;
  std::vector<std::string> told;
  std::mutex mutex;
  Consumer consumer(*fixture.pool, fixture.redis, EventFixture::Member("one"), Record,
                    [&](const std::vector<Event>& events) {
                      const std::scoped_lock lock(mutex);
                      for (const Event& event : events) told.push_back(event.id);
                    });
  consumer.Start();
  std::string expected;
  for (int i = 100; i < 160; ++i) {
    Add(fixture, {std::to_string(i)});
    expected += (expected.empty() ? "" : " ") + std::to_string(i);
    if (i % 10 != 0) continue;
    fixture.database.CutSessions();
    fixture.redis_database.CutClients();
  }
  CHECK(Eventually(60s, [&] { return fixture.Effects() == expected; }));
  CHECK(Eventually(60s, [&] { return fixture.Pending("readers") == 0; }));
  consumer.Stop();
}

TEST_CASE("a Redis that was emptied gets its group again, and nothing is applied twice") {
  EventFixture fixture;
  Consumer consumer(*fixture.pool, fixture.redis, EventFixture::Member("one"), Record);
  Add(fixture, {"a", "b"});
  CHECK(ConsumeAll(consumer) == 2);
  REQUIRE_THAT(fixture.redis.Run({"FLUSHDB"}).status(), IsOk());
  Add(fixture, {"b", "c"});
  CHECK(ConsumeAll(consumer) == 1);
  CHECK(fixture.Effects() == "a b c");
}

TEST_CASE("an outbox, its relay and a consumer carry every event of busy writers exactly once") {
  EventFixture fixture;
  Relay relay(*fixture.pool, fixture.redis, SystemClock(), {.stream = kStream, .poll = 20ms});
  Consumer consumer(*fixture.pool, fixture.redis, EventFixture::Member("one"), Record);
  relay.Start();
  consumer.Start();
  constexpr int kWriters = 2;
  constexpr int kEach = 100;
  std::atomic<int> failures = 0;
  std::vector<std::thread> writers;
  for (int writer = 0; writer < kWriters; ++writer) {
    writers.emplace_back([&, writer] {
      for (int i = 0; i < kEach; ++i) {
        failures += fixture.TryPublish({std::to_string(writer) + "-" + std::to_string(i)}).ok() ? 0 : 1;
        relay.Notify();
      }
    });
  }
  for (std::thread& writer : writers) writer.join();
  REQUIRE(failures == 0);
  const auto count = [&](const char* what) {
    return fixture.database.Execute(std::string("select count(") + what + ") from events.effects");
  };
  CHECK(Eventually(60s, [&] { return count("distinct event_id") == std::to_string(kWriters * kEach); }));
  consumer.Stop();
  relay.Stop();
  CHECK(count("*") == std::to_string(kWriters * kEach));
}

}  // namespace papertape::events

#include <atomic>
#include <thread>

#include "libs/clock/fake_clock.h"
#include "tests/integration/libs/event_fixture.h"
#include "tests/support/eventually.h"

namespace papertape::events {
namespace {

using namespace std::chrono_literals;
using testing::Eventually;
using testing::HasReason;
using testing::IsOk;

}  // namespace

TEST_CASE("events of a transaction are relayed in their order, once, and whole") {
  EventFixture fixture;
  fixture.Publish({"c", "a", "b"});
  Relay relay(*fixture.pool, fixture.redis, SystemClock(), {.stream = kStream});
  CHECK(*relay.MoveOnce() == 3);
  CHECK(*relay.MoveOnce() == 0);
  CHECK(fixture.Streamed() == "c a b");
  const auto entries = fixture.redis.ReadStream(kStream, "0-0", 1, 0ms);
  const auto event = EventOf(entries->at(0));
  REQUIRE_THAT(event.status(), IsOk());
  const Event expected = AnEvent("c");
  CHECK(event->type == expected.type);
  CHECK(event->user_id == expected.user_id);
  CHECK(event->time == expected.time);
  CHECK(event->request_id == expected.request_id);
  CHECK(event->payload == expected.payload);
}

TEST_CASE("a log is relayed like an outbox and keeps its events") {
  EventFixture fixture;
  FakeClock clock;
  fixture.Publish({"a", "b"});
  fixture.database.Execute("alter table events.outbox rename to log");
  Relay relay(*fixture.pool, fixture.redis, clock, {.stream = kStream, .log = "log"});
  CHECK(*relay.MoveOnce() == 2);
  CHECK(fixture.Streamed() == "a b");
  clock.Advance(std::chrono::hours(24 * 8));
  CHECK(*relay.MoveOnce() == 0);
  CHECK(fixture.database.Execute("select count(*) from events.log") == "2");
}

TEST_CASE("events of a transaction that was rolled back never leave") {
  EventFixture fixture;
  fixture.pool
      ->Transact([](pg::Transaction& transaction) {
        AppendToOutbox(transaction, {AnEvent("undone")});
        return Error(Reason::kCONFLICT);
      })
      .IgnoreError();
  Relay relay(*fixture.pool, fixture.redis, SystemClock(), {.stream = kStream});
  CHECK(*relay.MoveOnce() == 0);
}

TEST_CASE("an event whose writer has not ended holds back the later ones, and keeps its place") {
  EventFixture fixture;
  fixture.Publish({"first"});
  Relay relay(*fixture.pool, fixture.redis, SystemClock(), {.stream = kStream});
  const bool commits = GENERATE(true, false);
  const absl::Status ended = commits ? absl::OkStatus() : Error(Reason::kCONFLICT);
  const absl::Status status = fixture.pool->Transact([&](pg::Transaction& transaction) {
    AppendToOutbox(transaction, {AnEvent("early"), AnEvent("too")});
    fixture.Publish({"late"});  // has the higher position, and is committed first
    CHECK(*relay.MoveOnce() == 1);
    CHECK(*relay.MoveOnce() == 0);
    fixture.Publish({"later"});
    CHECK(*relay.MoveOnce() == 0);
    return ended;
  });
  REQUIRE(status == ended);
  CHECK(*relay.MoveOnce() == (commits ? 4 : 2));
  CHECK(fixture.Streamed() == (commits ? "first early too late later" : "first late later"));
}

TEST_CASE("a writer that began after a gap was seen does not prolong the wait for it") {
  EventFixture fixture;
  Relay relay(*fixture.pool, fixture.redis, SystemClock(), {.stream = kStream});
  const absl::Status newer = fixture.pool->Transact([&](pg::Transaction& second) {
    const absl::Status older = fixture.pool->Transact([&](pg::Transaction& first) {
      AppendToOutbox(first, {AnEvent("undone")});
      fixture.Publish({"a"});
      CHECK(*relay.MoveOnce() == 0);
      AppendToOutbox(second, {AnEvent("c")});
      fixture.Publish({"d"});
      return Error(Reason::kCONFLICT);
    });
    CHECK_FALSE(older.ok());
    CHECK(*relay.MoveOnce() == 1);
    return absl::OkStatus();
  });
  REQUIRE_THAT(newer, IsOk());
  CHECK(*relay.MoveOnce() == 2);
  CHECK(fixture.Streamed() == "a c d");
}

TEST_CASE("relays beside writers that commit and roll back in any order keep the order and lose nothing") {
  constexpr int kWriters = 4;
  constexpr int kTransactions = 60;
  EventFixture fixture;
  std::atomic<int> writing = kWriters;
  std::atomic<int> failures = 0;
  std::vector<std::thread> threads;
  for (int writer = 0; writer < kWriters; ++writer) {
    threads.emplace_back([&, writer] {
      const std::string name(1, static_cast<char>('a' + writer));
      for (int n = 0; n < kTransactions; ++n) {
        const bool undone = n % 5 == 4;
        const absl::Status status = fixture.pool->Transact([&](pg::Transaction& transaction) {
          AppendToOutbox(transaction,
                         {AnEvent(name + std::to_string(2 * n)), AnEvent(name + std::to_string(2 * n + 1))});
          if (n % 7 == writer) transaction.Exec("select pg_sleep(0.01)");
          return undone ? Error(Reason::kCONFLICT) : absl::OkStatus();
        });
        if (status.ok() == undone) ++failures;
      }
      --writing;
    });
  }
  for (int i = 0; i < 2; ++i) {
    threads.emplace_back([&] {
      Relay relay(*fixture.pool, fixture.redis, SystemClock(), {.stream = kStream});
      while (writing > 0) {
        if (!relay.MoveOnce().ok()) ++failures;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(failures == 0);
  Relay last(*fixture.pool, fixture.redis, SystemClock(), {.stream = kStream});
  REQUIRE_THAT(last.MoveOnce().status(), IsOk());
  CHECK(fixture.Streamed() ==
        fixture.database.Execute("select string_agg(id, ' ' order by position) from events.outbox"));
}

TEST_CASE("a running relay moves what it is notified of, and what it is not") {
  EventFixture fixture;
  Relay notified(*fixture.pool, fixture.redis, SystemClock(), {.stream = kStream, .poll = 1h});
  notified.Start();
  fixture.Publish({"a"});
  notified.Notify();
  CHECK(Eventually(60s, [&] { return fixture.Streamed() == "a"; }));
  notified.Stop();
  Relay polling(*fixture.pool, fixture.redis, SystemClock(), {.stream = kStream, .poll = 10ms});
  polling.Start();
  fixture.Publish({"b"});
  CHECK(Eventually(60s, [&] { return fixture.Streamed() == "a b"; }));
}

TEST_CASE("stopping a relay does not wait for its poll") {
  EventFixture fixture;
  Relay relay(*fixture.pool, fixture.redis, SystemClock(), {.stream = kStream, .poll = 24h});
  relay.Start();
  fixture.Publish({"a"});
  relay.Notify();
  CHECK(Eventually(60s, [&] { return fixture.Streamed() == "a"; }));
  relay.Stop();
  relay.Start();  // and it can start again
  fixture.Publish({"b"});
  relay.Notify();
  CHECK(Eventually(60s, [&] { return fixture.Streamed() == "a b"; }));
}

TEST_CASE("relays beside each other move each event once and keep the order") {
  EventFixture fixture;
  std::vector<std::string> ids;
  for (int i = 1'000; i < 3'500; ++i) ids.push_back(std::to_string(i));
  fixture.Publish(ids);
  std::atomic<std::size_t> moved = 0;
  std::atomic<int> failures = 0;
  std::vector<std::thread> movers;
  for (int i = 0; i < 3; ++i) {
    movers.emplace_back([&] {
      Relay relay(*fixture.pool, fixture.redis, SystemClock(), {.stream = kStream});
      Eventually(60s, [&] {
        const auto once = relay.MoveOnce();
        if (!once.ok()) ++failures;
        return (moved += once.value_or(0)) >= ids.size();
      });
    });
  }
  for (std::thread& mover : movers) mover.join();
  CHECK(failures == 0);
  CHECK(moved == ids.size());
  std::string expected;
  for (const std::string& id : ids) expected += (expected.empty() ? "" : " ") + id;
  CHECK(fixture.Streamed() == expected);
}

TEST_CASE("a Redis that is away loses nothing: the events wait") {
  EventFixture fixture;
  fixture.Publish({"a"});
  redis::Client nowhere({.url = "redis://127.0.0.1:1", .connections = 1, .timeout = 100ms});
  Relay cut_off(*fixture.pool, nowhere, SystemClock(), {.stream = kStream});
  CHECK_THAT(cut_off.MoveOnce().status(), HasReason(Reason::kUNAVAILABLE));
  Relay relay(*fixture.pool, fixture.redis, SystemClock(), {.stream = kStream});
  CHECK(*relay.MoveOnce() == 1);
}

TEST_CASE("a Redis that comes back without its last entries is sent them again") {
  EventFixture fixture;
  fixture.Publish({"a", "b"});
  Relay relay(*fixture.pool, fixture.redis, SystemClock(), {.stream = kStream});
  CHECK(*relay.MoveOnce() == 2);
  const bool emptied = GENERATE(true, false);
  if (emptied) {
    REQUIRE_THAT(fixture.redis.Run({"FLUSHDB"}).status(), IsOk());
  } else {
    const auto entries = fixture.redis.ReadStream(kStream, "0-0", 10, 0ms);
    REQUIRE_THAT(fixture.redis.Run({"XDEL", kStream, entries->at(1).id}).status(), IsOk());
  }
  CHECK(*relay.MoveOnce() == 2);
  CHECK(*relay.MoveOnce() == 0);
  CHECK(fixture.Streamed() == (emptied ? "a b" : "a a b"));
}

TEST_CASE("only what was relayed lately is sent again") {
  EventFixture fixture;
  FakeClock clock;
  Relay relay(*fixture.pool, fixture.redis, clock, {.stream = kStream});
  fixture.Publish({"old"});
  CHECK(*relay.MoveOnce() == 1);
  clock.Advance(2h);
  fixture.Publish({"new"});
  CHECK(*relay.MoveOnce() == 1);
  REQUIRE_THAT(fixture.redis.Run({"FLUSHDB"}).status(), IsOk());
  CHECK(*relay.MoveOnce() == 1);
  CHECK(fixture.Streamed() == "new");
}

TEST_CASE("relayed events are deleted after their time, waiting ones never") {
  EventFixture fixture;
  FakeClock clock;
  Relay relay(*fixture.pool, fixture.redis, clock, {.stream = kStream, .keep = 24h});
  fixture.Publish({"a"});
  CHECK(*relay.MoveOnce() == 1);
  clock.Advance(23h);
  fixture.Publish({"b"});
  CHECK(*relay.MoveOnce() == 1);
  CHECK(fixture.database.Execute("select count(*) from events.outbox") == "2");
  clock.Advance(2h);
  CHECK(*relay.MoveOnce() == 0);
  CHECK(fixture.database.Execute("select string_agg(id, ' ') from events.outbox") == "b");
}

}  // namespace papertape::events

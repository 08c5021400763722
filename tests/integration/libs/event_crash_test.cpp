// Processes killed between two steps that cannot be one: nothing is lost, nothing happens twice.
#include "tests/integration/libs/event_fixture.h"
#include "tests/support/eventually.h"
#include "tests/support/process.h"

namespace papertape::events {
namespace {

using namespace std::chrono_literals;
using testing::Eventually;
using testing::IsOk;
using testing::Process;

}  // namespace

TEST_CASE("a relay killed between Redis and its mark sends again, and the consumer applies once") {
  EventFixture fixture;
  fixture.Publish({"a", "b", "c"});
  // The mark waits for this lock, so the relay stands still where it is to die.
  fixture.database.Execute(
      "create function events.wait_here() returns trigger language plpgsql as $$ begin perform "
      "pg_sleep(600); return new; end $$;"
      "create trigger wait_here before insert on events.outbox_relayed for each row execute function "
      "events.wait_here()");
  Process relay({EVENT_CRASH_CHILD, "relay"},
                {{"DATABASE_URL", fixture.database.dsn()}, {"REDIS_URL", fixture.redis_database.url()}});
  REQUIRE(Eventually(60s, [&] { return fixture.Streamed() == "a b c"; }));
  relay.Kill();
  CHECK(relay.Wait(0ms) == -SIGKILL);
  // The server notices the lost client only when the statement ends.
  fixture.database.CutSessions();
  fixture.database.Execute("drop trigger wait_here on events.outbox_relayed");
  CHECK(fixture.database.Execute("select count(*) from events.outbox_relayed") == "0");

  Relay restarted(*fixture.pool, fixture.redis, SystemClock(), {.stream = kStream});
  const auto moved = restarted.MoveOnce();
  REQUIRE_THAT(moved.status(), IsOk());
  CHECK(*moved == 3);
  CHECK(fixture.Streamed() == "a b c a b c");
  Consumer consumer(*fixture.pool, fixture.redis, EventFixture::Member("one"), Record);
  const auto applied = consumer.ConsumeOnce(0ms);
  REQUIRE_THAT(applied.status(), IsOk());
  CHECK(*applied == 3);
  CHECK(fixture.Effects() == "a b c");
}

TEST_CASE("a consumer killed between commit and acknowledgement applies once") {
  EventFixture fixture;
  fixture.Publish({"a", "b"});
  Relay relay(*fixture.pool, fixture.redis, SystemClock(), {.stream = kStream});
  REQUIRE_THAT(relay.MoveOnce().status(), IsOk());
  Process child({EVENT_CRASH_CHILD, "consumer"},
                {{"DATABASE_URL", fixture.database.dsn()}, {"REDIS_URL", fixture.redis_database.url()}});
  REQUIRE(child.Wait(60s) == -SIGKILL);
  CHECK(fixture.Effects() == "a b");
  CHECK(fixture.Pending("readers") == 2);

  fixture.Publish({"c"});
  REQUIRE_THAT(relay.MoveOnce().status(), IsOk());
  Consumer restarted(*fixture.pool, fixture.redis, EventFixture::Member("one"), Record);
  const auto repeated = restarted.ConsumeOnce(0ms);
  REQUIRE_THAT(repeated.status(), IsOk());
  CHECK(*repeated == 0);
  CHECK(fixture.Pending("readers") == 0);
  CHECK(*restarted.ConsumeOnce(0ms) == 1);
  CHECK(fixture.Effects() == "a b c");
}

TEST_CASE("another member takes over what a dead one held, once it is held too long") {
  EventFixture fixture;
  fixture.Publish({"a", "b"});
  Relay relay(*fixture.pool, fixture.redis, SystemClock(), {.stream = kStream});
  REQUIRE_THAT(relay.MoveOnce().status(), IsOk());
  Process child({EVENT_CRASH_CHILD, "consumer"},
                {{"DATABASE_URL", fixture.database.dsn()}, {"REDIS_URL", fixture.redis_database.url()}});
  REQUIRE(child.Wait(60s) == -SIGKILL);
  auto options = EventFixture::Member("two");
  options.abandoned = 20ms;
  Consumer other(*fixture.pool, fixture.redis, options, Record);
  CHECK(Eventually(30s, [&] {
    REQUIRE_THAT(other.ConsumeOnce(0ms).status(), IsOk());
    return fixture.Pending("readers") == 0;
  }));
  CHECK(fixture.Effects() == "a b");
}

}  // namespace papertape::events

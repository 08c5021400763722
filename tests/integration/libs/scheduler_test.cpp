// Schedules, their leases and runs on a real database, with a clock that moves when told to and two runners.
#include "libs/scheduler/scheduler.h"

#include <atomic>
#include <thread>

#include "libs/clock/fake_clock.h"
#include "libs/clock/market_clock.h"
#include "libs/scheduler/pg_schedule_store.h"
#include "libs/scheduler/session_schedules.h"
#include "libs/status/status.h"
#include "tests/support/matchers.h"
#include "tests/support/test_database.h"

namespace papertape::scheduler {
namespace {

using namespace std::chrono_literals;
using testing::HasReason;
using testing::IsOk;

Timestamp At(const char* time) { return *ParseRfc3339(time); }

// One schedule, "eod", at 22:00 UTC on New York's trading days. It begins on Wednesday 2024-07-03, before the holiday.
struct ASchedule {
  testing::TestDatabase database;
  FakeClock clock{At("2024-07-03T12:00:00Z")};
  std::vector<Run> runs;
  absl::Status outcome;

  ASchedule() {
    database.Execute(
        "create schema work;"
        "create table work.schedules (name text primary key, fence bigint not null default 0, lease_until timestamptz "
        "not null default '-infinity', failures bigint not null default 0, done_until timestamptz not null);"
        "create table work.schedule_runs (id bigint generated always as identity primary key, name text not null "
        "references work.schedules (name), due timestamptz not null, by_hand boolean not null, requested_by bigint not "
        "null, fence bigint not null, missed bigint not null, state text not null, detail text not null default '', "
        "started_at timestamptz not null default now(), finished_at timestamptz);"
        "create index schedule_runs_newest on work.schedule_runs (name, id desc)");
    pool = std::make_unique<pg::Pool>(database.Options("work"));
    store = std::make_unique<PgScheduleStore>(*pool);
  }
  // A process with that schedule.
  std::unique_ptr<Scheduler> Process(Job job, double jitter = 0) {
    auto process = std::make_unique<Scheduler>(
        *store, clock, [jitter](std::string_view, Timestamp) { return jitter; }, options);
    process->Add({.name = "eod",
                  .trigger = *Trigger::Parse("22:00 UTC on trading days of XNYS"),
                  .jitter = 10min,
                  .job = std::move(job)});
    REQUIRE_THAT(process->Start(), IsOk());
    return process;
  }
  std::unique_ptr<Scheduler> Process(double jitter = 0) {
    return Process(
        [this](const Run& run) -> absl::StatusOr<std::string> {
          runs.push_back(run);
          if (!outcome.ok()) return outcome;
          return "did it";
        },
        jitter);
  }
  void Go(Scheduler& process, const char* time) {
    clock.Advance(At(time) - clock.Now());
    REQUIRE_THAT(process.Step().status(), IsOk());
  }
  std::vector<PastRun> History() {
    auto history = store->History("eod", 20);
    REQUIRE_THAT(history.status(), IsOk());
    return *std::move(history);
  }

  Scheduler::Options options{.lease = 60s, .attempts = 2, .pause = 0ms};
  std::unique_ptr<pg::Pool> pool;
  std::unique_ptr<PgScheduleStore> store;
};

TEST_CASE_METHOD(ASchedule, "what is due runs once, and the next time is the next trading day") {
  const auto process = Process();
  Go(*process, "2024-07-03T21:59:59Z");
  CHECK(runs.empty());
  Go(*process, "2024-07-03T22:00:00Z");
  Go(*process, "2024-07-03T22:00:01Z");
  Go(*process, "2024-07-04T23:00:00Z");
  REQUIRE(runs.size() == 1);
  CHECK(runs[0].due == At("2024-07-03T22:00:00Z"));
  CHECK(runs[0].Key() == "eod 2024-07-03T22:00:00Z");
  CHECK_FALSE(runs[0].by_hand);
  Go(*process, "2024-07-05T22:00:05Z");
  REQUIRE(runs.size() == 2);
  CHECK(runs[1].due == At("2024-07-05T22:00:00Z"));
  CHECK(runs[1].fence > runs[0].fence);
  REQUIRE(History().size() == 2);
  CHECK(History()[0].state == RunState::kDone);
  CHECK(History()[0].detail == "did it");
  CHECK(History()[0].finished_at);
}

TEST_CASE_METHOD(ASchedule, "what fell due while nobody ran is caught up once, and says for how many") {
  const auto process = Process();
  Go(*process, "2024-07-12T12:00:00Z");  // the 3rd, 5th, 8th, 9th, 10th and 11th
  Go(*process, "2024-07-12T12:00:10Z");
  REQUIRE(runs.size() == 1);
  CHECK(runs[0].due == At("2024-07-11T22:00:00Z"));
  CHECK(runs[0].missed == 5);
}

TEST_CASE_METHOD(ASchedule, "a new schedule owes nothing of the past, and a known one does not begin anew") {
  Process();
  clock.Advance(48h);
  const auto restarted = Process();
  REQUIRE_THAT(restarted->Step().status(), IsOk());
  CHECK(runs.size() == 1);
}

TEST_CASE_METHOD(ASchedule, "jitter puts the beginning off, and the rest until then is no longer than that") {
  const auto process = Process(0.5);
  Go(*process, "2024-07-03T22:04:59Z");
  CHECK(runs.empty());
  clock.Advance(-2s);
  CHECK(*process->Step() == options.look);
  Go(*process, "2024-07-03T22:05:00Z");
  CHECK(runs.size() == 1);
}

TEST_CASE_METHOD(ASchedule, "of two processes one runs it, whichever comes first, every time") {
  std::atomic<int> ran = 0;
  const Job count = [&](const Run&) -> absl::StatusOr<std::string> {
    ++ran;
    return "counted";
  };
  const auto one = Process(count);
  const auto other = Process(count);
  const std::vector<const char*> evenings{"2024-07-03T22:00:00Z", "2024-07-05T22:00:00Z", "2024-07-08T22:00:00Z",
                                          "2024-07-09T22:00:00Z", "2024-07-10T22:00:00Z"};
  int expected = 0;
  for (const char* const evening : evenings) {
    clock.Advance(At(evening) - clock.Now());
    std::thread beside([&] {
      for (int step = 0; step < 5; ++step) other->Step().IgnoreError();
    });
    for (int step = 0; step < 5; ++step) REQUIRE_THAT(one->Step().status(), IsOk());
    beside.join();
    CHECK(ran == ++expected);
  }
  CHECK(History().size() == evenings.size());
}

TEST_CASE_METHOD(ASchedule, "a process that dies in a run is followed under a new fence, and its word counts no more") {
  options.lease = 0ms;  // over at once, as if the process had been silent for too long
  const auto process = Process();
  clock.Advance(At("2024-07-03T22:00:00Z") - clock.Now());
  const auto dead = store->Take("eod", 0ms);
  REQUIRE(dead->has_value());
  const auto run_id = store->Begin(**dead, {.name = "eod", .due = clock.Now(), .fence = (*dead)->fence});
  REQUIRE_THAT(run_id.status(), IsOk());
  REQUIRE_THAT(process->Step().status(), IsOk());
  REQUIRE(runs.size() == 1);
  CHECK(runs[0].fence == (*dead)->fence + 1);
  CHECK_THAT(store->End(**dead, *run_id, RunState::kDone, "late", clock.Now(), 0ms), HasReason(Reason::kCONFLICT));
  REQUIRE(History().size() == 2);
  CHECK(History()[0].state == RunState::kDone);
  CHECK(History()[1].state == RunState::kAbandoned);
}

TEST_CASE_METHOD(ASchedule, "a failure is tried again under the same key, and given up after so many") {
  const auto process = Process();
  outcome = Error(Reason::kUNAVAILABLE, "not now");
  Go(*process, "2024-07-03T22:00:00Z");
  Go(*process, "2024-07-03T22:00:30Z");
  Go(*process, "2024-07-03T22:01:00Z");
  REQUIRE(runs.size() == 2);
  CHECK(runs[0].Key() == runs[1].Key());
  CHECK(History()[0].state == RunState::kFailed);
  CHECK(History()[0].detail == "not now");
  outcome = absl::OkStatus();
  Go(*process, "2024-07-05T22:00:00Z");
  CHECK(runs.size() == 3);
  CHECK(History()[0].state == RunState::kDone);
}

TEST_CASE_METHOD(ASchedule, "by hand it runs at once, for whom is written down, and what is due stays due") {
  const auto process = Process();
  const auto by_hand = process->RunNow("eod", 7);
  REQUIRE_THAT(by_hand.status(), IsOk());
  CHECK(by_hand->detail == "did it");
  REQUIRE(runs.size() == 1);
  CHECK(runs[0].by_hand);
  CHECK(runs[0].requested_by == 7);
  Go(*process, "2024-07-03T22:00:00Z");
  CHECK(runs.size() == 2);
  CHECK_THAT(process->RunNow("nothing", 7).status(), HasReason(Reason::kNOT_FOUND));
  outcome = Error(Reason::kQUOTE_STALE);
  CHECK_THAT(process->RunNow("eod", 7).status(), HasReason(Reason::kQUOTE_STALE));
  const auto held = store->Take("eod", 60s);
  CHECK_THAT(process->RunNow("eod", 7).status(), HasReason(Reason::kCONFLICT));
}

TEST_CASE_METHOD(ASchedule, "a schedule tells what is due next and what ran last") {
  const auto process = Process();
  Go(*process, "2024-07-03T22:00:00Z");
  const auto statuses = process->Statuses(1);
  REQUIRE_THAT(statuses.status(), IsOk());
  REQUIRE(statuses->size() == 1);
  CHECK(statuses->front().trigger == "22:00 UTC on trading days of XNYS");
  CHECK(statuses->front().next == At("2024-07-05T22:00:00Z"));
  CHECK(statuses->front().runs.size() == 1);
}

TEST_CASE("hashed jitter is the same for the same seed, and spreads") {
  const Scheduler::Jitter jitter = HashedJitter(1);
  double sum = 0;
  for (int day = 0; day < 1'000; ++day) {
    const Timestamp due = At("2024-07-03T22:00:00Z") + std::chrono::days(day);
    const double share = jitter("eod", due);
    CHECK(share >= 0);
    CHECK(share <= 1);
    CHECK(share == HashedJitter(1)("eod", due));
    sum += share;
  }
  CHECK(std::abs(sum / 1'000 - 0.5) < 0.05);
}

TEST_CASE_METHOD(
    ASchedule,
    "a schedule that follows the market runs in a session of the past, and disturbs the live one in nothing") {
  SessionSchedules sessions(*store);
  MarketClock market(clock);
  Scheduler process(
      sessions, market, [](std::string_view, Timestamp) { return 0.0; }, options);
  process.Add({.name = "eod",
               .trigger = *Trigger::Parse("30 minutes after the close of XNYS"),
               .job = [this](const Run& run) -> absl::StatusOr<std::string> {
                 runs.push_back(run);
                 return "did it";
               }});
  REQUIRE_THAT(process.Start(), IsOk());
  const Timestamp live_until = *store->DoneUntil("eod");

  const auto turn = [&](std::int64_t session, const char* time) {
    market.Follow(session == 0 ? 0 : MicrosSinceEpoch(At(time)));
    sessions.Turn(session);
    REQUIRE_THAT(process.Start(), IsOk());
  };
  const auto step = [&](const char* time) {
    market.Follow(MicrosSinceEpoch(At(time)));
    REQUIRE_THAT(process.Step().status(), IsOk());
  };
  turn(1, "2008-10-01T13:30:00Z");
  step("2008-10-01T20:00:00Z");
  CHECK(runs.empty());
  // The clock goes from the close to the next open: what fell due in between is due once.
  step("2008-10-02T13:30:00Z");
  step("2008-10-02T13:30:02Z");
  REQUIRE(runs.size() == 1);
  CHECK(runs[0].name == "eod");
  CHECK(runs[0].due == At("2008-10-01T20:30:00Z"));
  CHECK((*sessions.History("eod", 9)).size() == 1);

  // Another session over the same days begins anew, and the live market goes on where it was.
  turn(2, "2008-10-01T13:30:00Z");
  step("2008-10-02T13:30:00Z");
  CHECK(runs.size() == 2);
  turn(0, "");
  REQUIRE_THAT(process.Step().status(), IsOk());
  CHECK(runs.size() == 2);
  CHECK(*store->DoneUntil("eod") == live_until);
  CHECK(History().empty());
}

}  // namespace
}  // namespace papertape::scheduler

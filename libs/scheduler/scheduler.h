// Runs what is due, once, whatever the number of processes: a schedule is leased in the database, its lease has a
// fencing number, and every run is a row. What fell due while nobody ran is caught up once. Thread-safe.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "libs/clock/clock.h"
#include "libs/scheduler/trigger.h"

namespace papertape::scheduler {

// One run, as its job sees it. A run that is repeated (its process died, it failed) has the same name and due time:
// a job that takes "name due" for a key has its effect once.
struct Run {
  std::string name;
  Timestamp due;
  std::int64_t fence = 0;   // grows with each lease of the schedule
  std::int64_t missed = 0;  // earlier due times that this run stands for
  bool by_hand = false;
  std::int64_t requested_by = 0;  // user id, of a run by hand
  // "name due": the same for every try.
  [[nodiscard]] std::string Key() const { return name + " " + FormatRfc3339(due); }
};

// Does it, within the lease; answers what it did, for the history.
using Job = std::function<absl::StatusOr<std::string>(const Run&)>;

struct Schedule {
  std::string name;
  Trigger trigger;
  std::chrono::milliseconds jitter{0};  // the run begins up to so much after it is due
  Job job;
};

enum class RunState { kRunning, kDone, kFailed, kAbandoned };
std::string_view RunStateName(RunState state);  // "running", ...
std::optional<RunState> ParseRunState(std::string_view name);

// A run as the history keeps it.
struct PastRun {
  std::int64_t id = 0;
  Run run;
  RunState state = RunState::kRunning;  // abandoned: its process died, and another run took its place
  std::string detail;                   // what it did, or why it failed
  Timestamp started_at;
  std::optional<Timestamp> finished_at;
};

// A schedule in the hands of one process.
struct Lease {
  std::string name;
  std::int64_t fence = 0;
  std::int64_t failures = 0;  // in a row, of what is due
  Timestamp done_until;       // everything due until here has been seen to
};

// The database's part (pg_schedule_store.h).
class ScheduleStore {
 public:
  virtual ~ScheduleStore() = default;
  // Makes those known that are new: nothing of them was due before `now`.
  virtual absl::Status Register(const std::vector<std::string>& names, Timestamp now) = 0;
  // Up to when everything due has been seen to. Needs no lease.
  virtual absl::StatusOr<Timestamp> DoneUntil(const std::string& name) = 0;
  // Nothing when another process holds it.
  virtual absl::StatusOr<std::optional<Lease>> Take(const std::string& name, std::chrono::milliseconds lease) = 0;
  // A run begins; those that were never ended are abandoned. The run's number. CONFLICT when the lease is lost.
  virtual absl::StatusOr<std::int64_t> Begin(const Lease& lease, const Run& run) = 0;
  // The run ends. With `done_until` the schedule has got that far; the lease ends after `pause`. CONFLICT when it is
  // lost.
  virtual absl::Status End(const Lease& lease, std::int64_t run_id, RunState state, std::string_view detail,
                           std::optional<Timestamp> done_until, std::chrono::milliseconds pause) = 0;
  // Gives the lease back.
  virtual absl::Status Release(const Lease& lease) = 0;
  // The newest first.
  virtual absl::StatusOr<std::vector<PastRun>> History(const std::string& name, std::int64_t limit) = 0;
};

class Scheduler {
 public:
  struct Options {
    std::chrono::milliseconds lease{60'000};  // a job takes less
    int attempts = 5;                         // of one due time, then it is given up
    std::chrono::milliseconds pause{30'000};  // after a failure
    std::chrono::milliseconds look{5'000};    // the longest rest between two looks
  };
  // `jitter(name, due)` is a number from 0 to 1, the same in every process.
  using Jitter = std::function<double(std::string_view name, Timestamp due)>;
  Scheduler(ScheduleStore& store, const Clock& clock, Jitter jitter, const Options& options)
      : store_(store), clock_(clock), jitter_(std::move(jitter)), options_(options) {}

  // Before Start.
  void Add(Schedule schedule) { schedules_.push_back(std::move(schedule)); }
  // Makes the schedules known to the database.
  absl::Status Start();
  // Runs what is due; how long to rest.
  absl::StatusOr<std::chrono::milliseconds> Step();
  // Runs it now, whatever is due, and waits for it. NOT_FOUND; CONFLICT while it runs elsewhere; the job's own error.
  // `job` in place of the schedule's own, where it is given: somebody wants more than a line of text.
  absl::StatusOr<PastRun> RunNow(std::string_view name, std::int64_t requested_by, const Job& job = {});
  // What is due next, and the newest runs.
  struct Status {
    std::string name;
    std::string trigger;
    std::optional<Timestamp> next;
    std::vector<PastRun> runs;
  };
  absl::StatusOr<std::vector<Status>> Statuses(std::int64_t runs_each);

 private:
  // The newest due time in (done_until, now], and how many there are before it.
  struct Due {
    Timestamp at;
    std::int64_t missed = 0;
  };
  static std::optional<Due> NewestDue(const Trigger& trigger, Timestamp done_until, Timestamp now);
  [[nodiscard]] Timestamp Begins(const Schedule& schedule, Timestamp due) const;
  absl::Status RunDue(const Schedule& schedule);
  absl::StatusOr<PastRun> Execute(const Job& job, const Lease& lease, const Run& run);

  ScheduleStore& store_;
  const Clock& clock_;
  const Jitter jitter_;
  const Options options_;
  std::vector<Schedule> schedules_;
};

// Spread evenly by name and due time, the same for the same seed.
Scheduler::Jitter HashedJitter(std::uint64_t seed);

}  // namespace papertape::scheduler

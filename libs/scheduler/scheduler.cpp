#include "libs/scheduler/scheduler.h"

#include <algorithm>
#include <array>
#include <utility>

#include "fmt/format.h"
#include "libs/status/status.h"

namespace papertape::scheduler {
namespace {

using std::chrono::milliseconds;

// Of what fell due longer ago no one counts the times.
constexpr std::chrono::days kCountedBack{31};

constexpr std::array<std::pair<RunState, std::string_view>, 4> kStates{{{RunState::kRunning, "running"},
                                                                        {RunState::kDone, "done"},
                                                                        {RunState::kFailed, "failed"},
                                                                        {RunState::kAbandoned, "abandoned"}}};

}  // namespace

std::string_view RunStateName(RunState state) {
  for (const auto& [known, name] : kStates) {
    if (known == state) return name;
  }
  return {};
}

std::optional<RunState> ParseRunState(std::string_view name) {
  for (const auto& [state, known] : kStates) {
    if (known == name) return state;
  }
  return std::nullopt;
}

absl::Status Scheduler::Start() {
  std::vector<std::string> names;
  names.reserve(schedules_.size());
  for (const Schedule& schedule : schedules_) names.push_back(schedule.name);
  return store_.Register(names, clock_.Now());
}

std::optional<Scheduler::Due> Scheduler::NewestDue(const Trigger& trigger, Timestamp done_until, Timestamp now) {
  std::optional<Due> newest;
  std::optional<Timestamp> next = trigger.NextAfter(std::max(done_until, now - kCountedBack));
  for (; next && *next <= now; next = trigger.NextAfter(*next)) {
    newest = Due{.at = *next, .missed = newest ? newest->missed + 1 : 0};
  }
  return newest;
}

Timestamp Scheduler::Begins(const Schedule& schedule, Timestamp due) const {
  const double share = std::clamp(jitter_(schedule.name, due), 0.0, 1.0);
  return due + milliseconds(static_cast<std::int64_t>(share * static_cast<double>(schedule.jitter.count())));
}

absl::StatusOr<milliseconds> Scheduler::Step() {
  absl::Status failed;
  for (const Schedule& schedule : schedules_) {
    const absl::Status ran = RunDue(schedule);
    // A lost lease is another's run.
    if (!ran.ok() && ReasonOf(ran) != Reason::kCONFLICT) failed = ran;
  }
  PT_RETURN_IF_ERROR(failed);
  const Timestamp now = clock_.Now();
  milliseconds rest = options_.look;
  for (const Schedule& schedule : schedules_) {
    const std::optional<Timestamp> next = schedule.trigger.NextAfter(now);
    if (next) rest = std::min(rest, std::chrono::ceil<milliseconds>(Begins(schedule, *next) - now));
  }
  return rest;
}

absl::Status Scheduler::RunDue(const Schedule& schedule) {
  const Timestamp now = clock_.Now();
  const auto due_after = [&](Timestamp done_until) -> std::optional<Due> {
    const std::optional<Due> due = NewestDue(schedule.trigger, done_until, now);
    return due && Begins(schedule, due->at) <= now ? due : std::nullopt;
  };
  PT_ASSIGN_OR_RETURN(const Timestamp done_until, store_.DoneUntil(schedule.name));
  if (!due_after(done_until)) return absl::OkStatus();
  PT_ASSIGN_OR_RETURN(const std::optional<Lease> lease, store_.Take(schedule.name, options_.lease));
  if (!lease) return absl::OkStatus();
  // Another process may have run it between the two looks.
  const std::optional<Due> due = due_after(lease->done_until);
  if (!due) return store_.Release(*lease);
  return Execute(schedule.job, *lease,
                 {.name = schedule.name, .due = due->at, .fence = lease->fence, .missed = due->missed})
      .status();
}

absl::StatusOr<PastRun> Scheduler::Execute(const Job& job, const Lease& lease, const Run& run) {
  PastRun past{.run = run, .started_at = clock_.Now()};
  PT_ASSIGN_OR_RETURN(past.id, store_.Begin(lease, run));
  const absl::StatusOr<std::string> did = job(run);
  past.state = did.ok() ? RunState::kDone : RunState::kFailed;
  past.detail = did.ok() ? *did : std::string(MessageOf(did.status()));
  const bool given_up = !did.ok() && lease.failures + 1 >= options_.attempts;
  const bool seen_to = !run.by_hand && (did.ok() || given_up);
  const milliseconds pause = did.ok() || run.by_hand || given_up ? milliseconds(0) : options_.pause;
  PT_RETURN_IF_ERROR(
      store_.End(lease, past.id, past.state, past.detail, seen_to ? std::optional(run.due) : std::nullopt, pause));
  past.finished_at = clock_.Now();
  // A failure of the job stands in the history; of a run by hand somebody waits to hear.
  if (!did.ok() && run.by_hand) return did.status();
  return past;
}

absl::StatusOr<PastRun> Scheduler::RunNow(std::string_view name, std::int64_t requested_by, const Job& job) {
  const auto schedule =
      std::find_if(schedules_.begin(), schedules_.end(), [&](const Schedule& known) { return known.name == name; });
  if (schedule == schedules_.end()) {
    return Error(Reason::kNOT_FOUND, fmt::format("There is no schedule {}.", name));
  }
  PT_ASSIGN_OR_RETURN(const std::optional<Lease> lease, store_.Take(schedule->name, options_.lease));
  if (!lease) return Error(Reason::kCONFLICT, fmt::format("The schedule {} is running already.", name));
  return Execute(job ? job : schedule->job, *lease,
                 {.name = schedule->name,
                  .due = clock_.Now(),
                  .fence = lease->fence,
                  .by_hand = true,
                  .requested_by = requested_by});
}

absl::StatusOr<std::vector<Scheduler::Status>> Scheduler::Statuses(std::int64_t runs_each) {
  std::vector<Status> statuses;
  for (const Schedule& schedule : schedules_) {
    Status status{
        .name = schedule.name, .trigger = schedule.trigger.text(), .next = schedule.trigger.NextAfter(clock_.Now())};
    PT_ASSIGN_OR_RETURN(status.runs, store_.History(schedule.name, runs_each));
    statuses.push_back(std::move(status));
  }
  return statuses;
}

Scheduler::Jitter HashedJitter(std::uint64_t seed) {
  return [seed](std::string_view name, Timestamp due) {
    // FNV-1a, then a finalizer that spreads neighbours (splitmix64).
    std::uint64_t hash = 0xcbf29ce484222325 ^ seed;
    for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
    hash ^= static_cast<std::uint64_t>(MicrosSinceEpoch(due));
    hash = (hash ^ (hash >> 30U)) * 0xbf58476d1ce4e5b9;
    hash = (hash ^ (hash >> 27U)) * 0x94d049bb133111eb;
    hash ^= hash >> 31U;
    constexpr double kWhole = 18446744073709551616.0;  // 2^64
    return static_cast<double>(hash) / kWhole;
  };
}

}  // namespace papertape::scheduler

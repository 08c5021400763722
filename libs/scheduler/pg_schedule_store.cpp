#include "libs/scheduler/pg_schedule_store.h"

#include "libs/status/status.h"

namespace papertape::scheduler {
namespace {

// The schedule's row is ours for as long as the transaction lasts. CONFLICT when the lease is another's by now.
absl::Status Hold(pg::Transaction& transaction, const Lease& lease) {
  const pg::Rows rows = transaction.Exec("select fence from schedules where name = $1 for update", {lease.name});
  if (!rows.empty() && rows.Int(0, 0) == lease.fence) return absl::OkStatus();
  return Error(Reason::kCONFLICT, "Another process has taken the schedule over.");
}

}  // namespace

absl::Status PgScheduleStore::Register(const std::vector<std::string>& names, Timestamp now) {
  pg::ArrayParam list;
  for (const std::string& name : names) list.Add(name);
  const pg::Param all = list.Finish();
  return pool_.Transact([&](pg::Transaction& transaction) {
    transaction.Exec(
        "insert into schedules (name, done_until) select name, $2 from unnest($1::text[]) as name "
        "on conflict do nothing",
        {all, now});
    return absl::OkStatus();
  });
}

absl::StatusOr<Timestamp> PgScheduleStore::DoneUntil(const std::string& name) {
  Timestamp done_until;
  PT_RETURN_IF_ERROR(pool_.Read([&](pg::Transaction& transaction) {
    const pg::Rows rows = transaction.Exec("select done_until from schedules where name = $1", {name});
    if (rows.empty()) return Error(Reason::kNOT_FOUND, "The schedule is not registered.");
    done_until = rows.Time(0, 0);
    return absl::OkStatus();
  }));
  return done_until;
}

absl::StatusOr<std::optional<Lease>> PgScheduleStore::Take(const std::string& name, std::chrono::milliseconds lease) {
  std::optional<Lease> taken;
  PT_RETURN_IF_ERROR(pool_.Transact([&](pg::Transaction& transaction) {
    taken.reset();
    const pg::Rows rows = transaction.Exec(
        "update schedules set fence = fence + 1, lease_until = now() + $2::bigint * interval '1 millisecond' "
        "where name = $1 and lease_until <= now() returning fence, failures, done_until",
        {name, std::int64_t{lease.count()}});
    if (rows.empty()) return absl::OkStatus();
    taken = Lease{.name = name, .fence = rows.Int(0, 0), .failures = rows.Int(0, 1), .done_until = rows.Time(0, 2)};
    return absl::OkStatus();
  }));
  return taken;
}

absl::StatusOr<std::int64_t> PgScheduleStore::Begin(const Lease& lease, const Run& run) {
  std::int64_t id = 0;
  const absl::Status begun = pool_.Transact([&](pg::Transaction& transaction) {
    PT_RETURN_IF_ERROR(Hold(transaction, lease));
    transaction.Exec(
        "update schedule_runs set state = 'abandoned', finished_at = now() where name = $1 and state = 'running'",
        {lease.name});
    id = transaction
             .Exec(
                 "insert into schedule_runs (name, due, by_hand, requested_by, fence, missed, state) "
                 "values ($1, $2, $3, $4, $5, $6, 'running') returning id",
                 {run.name, run.due, run.by_hand, run.requested_by, run.fence, run.missed})
             .Int(0, 0);
    return absl::OkStatus();
  });
  if (!begun.ok()) return begun;
  return id;
}

absl::Status PgScheduleStore::End(const Lease& lease, std::int64_t run_id, RunState state, std::string_view detail,
                                  std::optional<Timestamp> done_until, std::chrono::milliseconds pause) {
  return pool_.Transact([&](pg::Transaction& transaction) {
    PT_RETURN_IF_ERROR(Hold(transaction, lease));
    transaction.Exec("update schedule_runs set state = $2, detail = $3, finished_at = now() where id = $1",
                     {run_id, RunStateName(state), detail});
    // A run by hand says nothing of what is due.
    transaction.Exec(
        "update schedules s set lease_until = now() + $2::bigint * interval '1 millisecond', "
        "done_until = coalesce($3::timestamptz, done_until), "
        "failures = case when $3::timestamptz is not null then 0 when r.by_hand then failures else failures + 1 end "
        "from schedule_runs r where s.name = $1 and r.id = $4",
        {lease.name, std::int64_t{pause.count()}, done_until, run_id});
    return absl::OkStatus();
  });
}

absl::Status PgScheduleStore::Release(const Lease& lease) {
  return pool_.Transact([&](pg::Transaction& transaction) {
    PT_RETURN_IF_ERROR(Hold(transaction, lease));
    transaction.Exec("update schedules set lease_until = now() where name = $1", {lease.name});
    return absl::OkStatus();
  });
}

absl::StatusOr<std::vector<PastRun>> PgScheduleStore::History(const std::string& name, std::int64_t limit) {
  std::vector<PastRun> runs;
  PT_RETURN_IF_ERROR(pool_.Read([&](pg::Transaction& transaction) {
    runs.clear();
    const pg::Rows rows = transaction.Exec(
        "select id, due, by_hand, requested_by, fence, missed, state, detail, started_at, finished_at "
        "from schedule_runs where name = $1 order by id desc limit $2",
        {name, limit});
    for (std::size_t row = 0; row < rows.size(); ++row) {
      PastRun past{.id = rows.Int(row, 0),
                   .run = {.name = name,
                           .due = rows.Time(row, 1),
                           .fence = rows.Int(row, 4),
                           .missed = rows.Int(row, 5),
                           .by_hand = rows.Bool(row, 2),
                           .requested_by = rows.Int(row, 3)},
                   .state = ParseRunState(rows.Text(row, 6)).value_or(RunState::kFailed),
                   .detail = std::string(rows.Text(row, 7)),
                   .started_at = rows.Time(row, 8)};
      if (!rows.IsNull(row, 9)) past.finished_at = rows.Time(row, 9);
      runs.push_back(std::move(past));
    }
    return absl::OkStatus();
  }));
  return runs;
}

}  // namespace papertape::scheduler

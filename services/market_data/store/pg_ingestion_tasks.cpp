#include "services/market_data/store/pg_ingestion_tasks.h"

#include "libs/status/status.h"
#include "services/market_data/store/bar_rows.h"
#include "services/market_data/store/pg_quarantine.h"

namespace papertape::market {
namespace {

// The commit need not wait for the disk: when PostgreSQL crashes and loses it, the task is taken again and comes to the
// same. Bars and leases do wait.
constexpr std::string_view kNoWait = "set local synchronous_commit = off";

// Of a task's row, for as long as its transaction lasts. CONFLICT when the task is another's by now.
absl::Status Hold(pg::Transaction& transaction, const LeasedTask& task) {
  const pg::Rows rows = transaction.Exec(
      "select fence from ingestion_tasks where job_id = $1 and symbol = $2 and state = 'running' for update",
      {task.job_id, task.instrument.symbol});
  if (rows.empty() || rows.Int(0, 0) != task.fence) {
    return Error(Reason::kCONFLICT, "Another worker has taken the task over.");
  }
  return absl::OkStatus();
}

bool IsCanceled(pg::Transaction& transaction, const LeasedTask& task) {
  return transaction.Exec("select canceled_at is not null from ingestion_jobs where id = $1", {task.job_id}).Bool(0, 0);
}

Written Sum(const std::vector<Written>& each) {
  Written all;
  for (const Written& one : each) {
    all.added += one.added;
    all.corrected += one.corrected;
  }
  return all;
}

// What is kept of a failure.
struct Failure {
  std::string code;
  std::string text;
};
Failure FailureOf(const absl::Status& why) {
  if (why.ok()) return {};
  return {std::string(EntryOf(ReasonOf(why)).name), std::string(MessageOf(why))};
}

}  // namespace

absl::StatusOr<std::optional<LeasedTask>> PgIngestionTasks::Lease(std::chrono::milliseconds lease) {
  std::optional<LeasedTask> leased;
  PT_RETURN_IF_ERROR(pool_.Transact([&](pg::Transaction& transaction) {
    leased.reset();
    const pg::Rows rows = transaction.Exec(
        "with next as (select job_id, symbol from ingestion_tasks where state in ('waiting', 'running') "
        "and lease_until <= now() order by job_id, number limit 1 for update skip locked) "
        "update ingestion_tasks t set state = 'running', fence = fence + 1, started_at = coalesce(started_at, now()), "
        "lease_until = now() + $1::bigint * interval '1 millisecond' "
        "from next, ingestion_jobs j, instruments i where t.job_id = next.job_id and t.symbol = next.symbol "
        "and j.id = t.job_id and i.symbol = t.symbol returning t.job_id, t.fence, t.attempts, j.first_day, "
        "j.last_day, j.correct_from, j.provider, t.asked_until, j.canceled_at is not null, i.symbol, i.name, "
        "i.exchange, i.sector, i.industry, i.currency, i.is_index, i.active, j.cause = 'schedule'",
        {std::int64_t{lease.count()}});
    if (rows.empty()) return absl::OkStatus();
    leased = LeasedTask{.job_id = rows.Int(0, 0),
                        .instrument = {.symbol = std::string(rows.Text(0, 9)),
                                       .name = std::string(rows.Text(0, 10)),
                                       .exchange = std::string(rows.Text(0, 11)),
                                       .sector = std::string(rows.Text(0, 12)),
                                       .industry = std::string(rows.Text(0, 13)),
                                       .currency = std::string(rows.Text(0, 14)),
                                       .is_index = rows.Bool(0, 15),
                                       .active = rows.Bool(0, 16)},
                        .fence = rows.Int(0, 1),
                        .attempts = rows.Int(0, 2),
                        .first_day = rows.Time(0, 3),
                        .last_day = rows.Time(0, 4),
                        .provider = std::string(rows.Text(0, 6)),
                        .for_everything = rows.Bool(0, 17),
                        .canceled = rows.Bool(0, 8)};
    if (!rows.IsNull(0, 5)) leased->correct_from = rows.Time(0, 5);
    if (!rows.IsNull(0, 7)) leased->asked_until = rows.Time(0, 7);
    return absl::OkStatus();
  }));
  return leased;
}

absl::StatusOr<std::set<Timestamp>> PgIngestionTasks::KnownDays(const std::string& symbol, Timestamp first,
                                                                Timestamp last) {
  std::set<Timestamp> days;
  PT_RETURN_IF_ERROR(pool_.Read([&](pg::Transaction& transaction) {
    days.clear();
    const pg::Rows rows = transaction.Exec(
        "select time from bars where symbol = $1 and span = '1d' and time between $2 and $3 order by time",
        {symbol, first, last});
    for (std::size_t row = 0; row < rows.size(); ++row) days.insert(days.end(), rows.Time(row, 0));
    return absl::OkStatus();
  }));
  return days;
}

absl::Status PgIngestionTasks::Plan(const LeasedTask& task, std::int64_t sessions) {
  return pool_.Transact([&](pg::Transaction& transaction) {
    transaction.Exec(kNoWait);
    PT_RETURN_IF_ERROR(Hold(transaction, task));
    transaction.Exec("update ingestion_tasks set sessions = sessions_asked + $3 where job_id = $1 and symbol = $2",
                     {task.job_id, task.instrument.symbol, sessions});
    return absl::OkStatus();
  });
}

absl::StatusOr<std::vector<Written>> PgIngestionTasks::Write(const LeasedTask& task, const Chunk& chunk,
                                                             std::chrono::milliseconds lease) {
  if (task.correct_from) return Write(task, chunk, lease, Way::kMerge);
  auto written = Write(task, chunk, lease, Way::kCopy);
  // Some of the bars have come meanwhile by another way, or lie between the gaps.
  if (written.ok() || pg::ViolatedConstraint(written.status()).empty()) return written;
  return Write(task, chunk, lease, Way::kMerge);
}

absl::StatusOr<std::vector<Written>> PgIngestionTasks::Write(const LeasedTask& task, const Chunk& chunk,
                                                             std::chrono::milliseconds lease, Way way) {
  std::vector<Written> written;
  const absl::Status committed = pool_.Transact([&](pg::Transaction& transaction) {
    PT_RETURN_IF_ERROR(Hold(transaction, task));
    if (IsCanceled(transaction, task)) return Error(Reason::kCANCELLED, "The job was canceled.");
    written.clear();
    for (const SourcedBars& told : chunk.bars) {
      const BarRows rows{.symbol = task.instrument.symbol, .bars = told.bars, .source = told.source};
      if (way == Way::kMerge) {
        written.push_back(Merge(transaction, rows, task.correct_from));
      } else {
        CopyNew(transaction, rows);
        written.push_back({.added = static_cast<std::int64_t>(told.bars.size())});
      }
    }
    const Written all = Sum(written);
    PgQuarantine::Acquit(transaction, task.instrument.symbol, chunk.acquitted);
    PgQuarantine::Add(transaction, chunk.suspects);
    transaction.Exec(
        "update ingestion_tasks set asked_until = $3, sessions_asked = sessions_asked + $4, added = added + $5, "
        "corrected = corrected + $6, quarantined = quarantined + $7, missing = missing + $8, "
        "source = case when $9 = '' then source else $9 end, error_code = '', attempts = 0, "
        // A remark stays until there is another; a failure is over.
        "error = case when $11 <> '' then $11 when error_code = '' then error else '' end, "
        "lease_until = now() + $10::bigint * interval '1 millisecond' where job_id = $1 and symbol = $2",
        {task.job_id, task.instrument.symbol, chunk.asked_until, chunk.sessions, all.added, all.corrected,
         static_cast<std::int64_t>(chunk.suspects.size()), chunk.missing, chunk.source, std::int64_t{lease.count()},
         chunk.remark});
    return absl::OkStatus();
  });
  if (!committed.ok()) return committed;
  return written;
}

absl::Status PgIngestionTasks::Finish(const LeasedTask& task, TaskState state, const absl::Status& why) {
  const Failure failure = FailureOf(why);
  return pool_.Transact([&](pg::Transaction& transaction) {
    transaction.Exec(kNoWait);
    PT_RETURN_IF_ERROR(Hold(transaction, task));
    transaction.Exec(
        "update ingestion_tasks set state = $3, finished_at = now(), error_code = $4, "
        "error = case when $4 = '' and error_code = '' then error else $5 end "
        "where job_id = $1 and symbol = $2",
        {task.job_id, task.instrument.symbol, TaskStateName(state), failure.code, failure.text});
    return absl::OkStatus();
  });
}

absl::Status PgIngestionTasks::Postpone(const LeasedTask& task, std::chrono::milliseconds pause,
                                        const absl::Status& why) {
  const Failure failure = FailureOf(why);
  return pool_.Transact([&](pg::Transaction& transaction) {
    PT_RETURN_IF_ERROR(Hold(transaction, task));
    const bool canceled = IsCanceled(transaction, task);
    transaction.Exec(
        "update ingestion_tasks set state = $3, attempts = attempts + $4, error_code = $5, "
        "error = case when $5 = '' and error_code = '' then error else $6 end, "
        "lease_until = now() + $7::bigint * interval '1 millisecond', "
        "finished_at = case when $3 = 'canceled' then now() end where job_id = $1 and symbol = $2",
        {task.job_id, task.instrument.symbol, TaskStateName(canceled ? TaskState::kCanceled : TaskState::kWaiting),
         why.ok() ? 0 : 1, failure.code, failure.text, std::int64_t{pause.count()}});
    return absl::OkStatus();
  });
}

}  // namespace papertape::market

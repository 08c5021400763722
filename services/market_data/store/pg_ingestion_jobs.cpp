#include "services/market_data/store/pg_ingestion_jobs.h"

#include "fmt/format.h"
#include "libs/idempotency/once.h"
#include "libs/status/status.h"

namespace papertape::market {
namespace {

constexpr std::string_view kJobs =
    "select j.id, j.cause, j.first_day, j.last_day, j.correct_from, j.provider, j.requested_by, j.created_at, "
    "j.canceled_at, t.waiting, t.running, t.done, t.failed, t.canceled, t.sessions, t.sessions_asked, t.added, "
    "t.corrected, t.quarantined, t.missing, t.started_at, t.finished_at, t.share_done "
    "from ingestion_jobs j, lateral ("
    "select count(*) filter (where state = 'waiting') as waiting, count(*) filter (where state = 'running') as "
    "running, "
    "count(*) filter (where state = 'done') as done, count(*) filter (where state = 'failed') as failed, "
    "count(*) filter (where state = 'canceled') as canceled, sum(sessions)::bigint as sessions, "
    "sum(sessions_asked)::bigint as sessions_asked, sum(added)::bigint as added, sum(corrected)::bigint as corrected, "
    "sum(quarantined)::bigint as quarantined, sum(missing)::bigint as missing, min(started_at) as started_at, "
    "case when bool_and(finished_at is not null) then max(finished_at) end as finished_at, "
    "avg(case when finished_at is not null then 1 when sessions > 0 then sessions_asked::float8 / sessions else 0 end) "
    "as share_done "
    "from ingestion_tasks where job_id = j.id) t ";

std::optional<Timestamp> OptionalTime(const pg::Rows& rows, std::size_t row, int column) {
  if (rows.IsNull(row, column)) return std::nullopt;
  return rows.Time(row, column);
}

IngestionJob ToJob(const pg::Rows& rows, std::size_t row) {
  IngestionJob job{.id = rows.Int(row, 0), .created_at = rows.Time(row, 7), .canceled_at = OptionalTime(rows, row, 8)};
  job.request = {
      .cause = rows.Text(row, 1) == "schedule" ? IngestionRequest::Cause::kSchedule : IngestionRequest::Cause::kRequest,
      .first_day = rows.Time(row, 2),
      .last_day = rows.Time(row, 3),
      .correct_from = OptionalTime(rows, row, 4),
      .provider = std::string(rows.Text(row, 5)),
      .requested_by = rows.Int(row, 6)};
  job.counts = {.waiting = rows.Int(row, 9),
                .running = rows.Int(row, 10),
                .done = rows.Int(row, 11),
                .failed = rows.Int(row, 12),
                .canceled = rows.Int(row, 13)};
  job.total = {.sessions = rows.Int(row, 14),
               .sessions_asked = rows.Int(row, 15),
               .added = rows.Int(row, 16),
               .corrected = rows.Int(row, 17),
               .quarantined = rows.Int(row, 18),
               .missing = rows.Int(row, 19),
               .started_at = OptionalTime(rows, row, 20),
               .finished_at = OptionalTime(rows, row, 21)};
  job.share_done = rows.Double(row, 22);
  return job;
}

IngestionTask ToTask(const pg::Rows& rows, std::size_t row) {
  return {.symbol = std::string(rows.Text(row, 0)),
          .state = ParseTaskState(rows.Text(row, 1)).value_or(TaskState::kFailed),
          .sessions = rows.Int(row, 2),
          .sessions_asked = rows.Int(row, 3),
          .added = rows.Int(row, 4),
          .corrected = rows.Int(row, 5),
          .quarantined = rows.Int(row, 6),
          .missing = rows.Int(row, 7),
          .source = std::string(rows.Text(row, 8)),
          .error_code = std::string(rows.Text(row, 9)),
          .remark = std::string(rows.Text(row, 10)),
          .started_at = OptionalTime(rows, row, 11),
          .finished_at = OptionalTime(rows, row, 12)};
}

absl::Status NoSuchJob() { return Error(Reason::kNOT_FOUND, "There is no such ingestion job."); }

absl::StatusOr<std::int64_t> Insert(pg::Transaction& transaction, const IngestionRequest& request) {
  pg::ArrayParam symbols;
  for (const std::string& symbol : request.symbols) symbols.Add(symbol);
  const pg::Param list = symbols.Finish();
  const pg::Rows unknown = transaction.Exec(
      "select symbol from unnest($1::text[]) as symbol where symbol not in (select symbol from instruments) limit 1",
      {list});
  if (!unknown.empty()) {
    const std::string_view symbol = unknown.Text(0, 0);
    return WithMetadata(Error(Reason::kUNKNOWN_SYMBOL, fmt::format("The symbol {} is not known.", symbol)), "symbol",
                        symbol);
  }
  const std::int64_t id =
      transaction
          .Exec(
              "insert into ingestion_jobs (cause, first_day, last_day, correct_from, provider, requested_by) "
              "values ($1, $2, $3, $4, $5, $6) returning id",
              {request.cause == IngestionRequest::Cause::kSchedule ? "schedule" : "request", request.first_day,
               request.last_day, request.correct_from, request.provider, request.requested_by})
          .Int(0, 0);
  transaction.Exec(
      "insert into ingestion_tasks (job_id, number, symbol) select $1, number, symbol "
      "from unnest($2::text[]) with ordinality as asked (symbol, number)",
      {id, list});
  return id;
}

}  // namespace

absl::StatusOr<std::int64_t> PgIngestionJobs::Create(const IngestionRequest& request,
                                                     const idempotency::Repeatable<std::int64_t>& repeatable) {
  absl::StatusOr<std::int64_t> id = absl::UnknownError("");
  const absl::Status committed = pool_.Transact([&](pg::Transaction& transaction) {
    id = idempotency::Once(transaction, repeatable, [&] { return Insert(transaction, request); });
    return id.status();
  });
  if (!committed.ok()) return committed;
  return id;
}

absl::StatusOr<IngestionJob> PgIngestionJobs::Find(std::int64_t id) {
  IngestionJob job;
  PT_RETURN_IF_ERROR(pool_.Read([&](pg::Transaction& transaction) {
    const pg::Rows found = transaction.Exec(std::string(kJobs) + "where j.id = $1", {id});
    if (found.empty()) return NoSuchJob();
    job = ToJob(found, 0);
    const pg::Rows tasks = transaction.Exec(
        "select symbol, state, sessions, sessions_asked, added, corrected, quarantined, missing, source, error_code, "
        "error, started_at, finished_at from ingestion_tasks where job_id = $1 order by number",
        {id});
    for (std::size_t row = 0; row < tasks.size(); ++row) job.tasks.push_back(ToTask(tasks, row));
    return absl::OkStatus();
  }));
  return job;
}

absl::StatusOr<JobPage> PgIngestionJobs::List(std::int64_t offset, std::int64_t limit) {
  JobPage page;
  PT_RETURN_IF_ERROR(pool_.Read([&](pg::Transaction& transaction) {
    page = JobPage();
    const pg::Rows rows =
        transaction.Exec(std::string(kJobs) + "order by j.id desc offset $1 limit $2", {offset, limit});
    for (std::size_t row = 0; row < rows.size(); ++row) page.jobs.push_back(ToJob(rows, row));
    page.total = transaction.Exec("select count(*) from ingestion_jobs").Int(0, 0);
    return absl::OkStatus();
  }));
  return page;
}

absl::Status PgIngestionJobs::Cancel(std::int64_t id) {
  return pool_.Transact([&](pg::Transaction& transaction) {
    // What has ended has ended.
    const pg::Rows job = transaction.Exec(
        "update ingestion_jobs set canceled_at = case when exists (select from ingestion_tasks where job_id = $1 and "
        "state in ('waiting', 'running')) then coalesce(canceled_at, now()) else canceled_at end where id = $1 "
        "returning id",
        {id});
    if (job.empty()) return NoSuchJob();
    transaction.Exec(
        "update ingestion_tasks set state = 'canceled', finished_at = now() where job_id = $1 and state = 'waiting'",
        {id});
    return absl::OkStatus();
  });
}

absl::StatusOr<std::vector<AvailableSymbol>> PgIngestionJobs::Available() {
  std::vector<AvailableSymbol> available;
  PT_RETURN_IF_ERROR(pool_.Read([&](pg::Transaction& transaction) {
    available.clear();
    const pg::Rows rows = transaction.Exec(
        "select symbol, min(time), max(time), count(*) from bars where span = '1d' group by symbol order by symbol");
    for (std::size_t row = 0; row < rows.size(); ++row) {
      available.push_back({.symbol = std::string(rows.Text(row, 0)),
                           .first_day = rows.Time(row, 1),
                           .last_day = rows.Time(row, 2),
                           .bars = rows.Int(row, 3)});
    }
    return absl::OkStatus();
  }));
  return available;
}

}  // namespace papertape::market

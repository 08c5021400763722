// Schedules, leases and runs in PostgreSQL. Leases are measured by the database's clock. Every service with schedules
// has in a migration:
//   create table schedules (name text primary key, fence bigint not null default 0,
//     lease_until timestamptz not null default '-infinity', failures bigint not null default 0,
//     done_until timestamptz not null);
//   create table schedule_runs (id bigint generated always as identity primary key,
//     name text not null references schedules (name), due timestamptz not null, by_hand boolean not null,
//     requested_by bigint not null, fence bigint not null, missed bigint not null, state text not null,
//     detail text not null default '', started_at timestamptz not null default now(), finished_at timestamptz);
//   create index schedule_runs_newest on schedule_runs (name, id desc);
// Thread-safe.
#pragma once

#include "libs/pg/pool.h"
#include "libs/scheduler/scheduler.h"

namespace papertape::scheduler {

class PgScheduleStore final : public ScheduleStore {
 public:
  explicit PgScheduleStore(pg::Pool& pool) : pool_(pool) {}
  absl::Status Register(const std::vector<std::string>& names, Timestamp now) override;
  absl::StatusOr<Timestamp> DoneUntil(const std::string& name) override;
  absl::StatusOr<std::optional<Lease>> Take(const std::string& name, std::chrono::milliseconds lease) override;
  absl::StatusOr<std::int64_t> Begin(const Lease& lease, const Run& run) override;
  absl::Status End(const Lease& lease, std::int64_t run_id, RunState state, std::string_view detail,
                   std::optional<Timestamp> done_until, std::chrono::milliseconds pause) override;
  absl::Status Release(const Lease& lease) override;
  absl::StatusOr<std::vector<PastRun>> History(const std::string& name, std::int64_t limit) override;

 private:
  pg::Pool& pool_;
};

}  // namespace papertape::scheduler

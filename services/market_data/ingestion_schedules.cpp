#include "services/market_data/ingestion_schedules.h"

#include <functional>

#include "libs/events/repeating_thread.h"
#include "libs/scheduler/pg_schedule_store.h"
#include "libs/status/status.h"
#include "services/market_data/rpc/ingestion_service.h"
#include "services/market_data/rpc/job_number.h"

namespace papertape::market {
namespace {

using events::RepeatingThread;
using scheduler::Run;

scheduler::Job Ingest(Ingestion& ingestion, Ingestion::Plan plan) {
  return [&ingestion, plan](const Run& run) -> absl::StatusOr<std::string> {
    // One job for each due time, however often the run is tried.
    const auto repeatable = RepeatableJob({.text = run.Key(), .fingerprint = run.name});
    PT_ASSIGN_OR_RETURN(const IngestionJob job, ingestion.Start(plan, run.requested_by, repeatable));
    return Describe(job);
  };
}

scheduler::Trigger Known(std::string_view text) { return *scheduler::Trigger::Parse(text); }

}  // namespace

scheduler::Scheduler& WireSchedules(service::Host& host, pg::Pool& pool, Ingestion& ingestion) {
  auto& store = host.Own<scheduler::PgScheduleStore>(pool);
  // All replicas of an installation agree, and installations do not all call a provider in the same second.
  const std::uint64_t installation = std::hash<std::string>()(host.settings().Required("DATABASE_URL"));
  auto& schedules = host.Own<scheduler::Scheduler>(store, host.clock(), scheduler::HashedJitter(installation),
                                                   scheduler::Scheduler::Options());
  schedules.Add({.name = kEndOfDaySchedule,
                 .trigger = Known("22:00 UTC on trading days of XNYS"),
                 .jitter = std::chrono::minutes(2),
                 .job = Ingest(ingestion, Ingestion::Plan::kEndOfDay)});
  // Consolidated volumes and late prints have settled by then, in New York and in Mumbai.
  schedules.Add({.name = "corrections",
                 .trigger = Known("cron 0 11 * * tue-sat"),
                 .jitter = std::chrono::minutes(2),
                 .job = Ingest(ingestion, Ingestion::Plan::kCorrections)});
  auto& thread = host.Own<RepeatingThread>("schedules", [&schedules]() -> absl::StatusOr<RepeatingThread::Rest> {
    PT_ASSIGN_OR_RETURN(const auto rest, schedules.Step());
    return rest;
  });
  host.AddPart(
      "schedules",
      [&schedules, &thread]() -> absl::Status {
        PT_RETURN_IF_ERROR(schedules.Start());
        thread.Start();
        return absl::OkStatus();
      },
      [&thread] { thread.Stop(); });
  return schedules;
}

}  // namespace papertape::market

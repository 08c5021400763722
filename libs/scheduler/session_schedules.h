// Schedules that follow the market into a session of the past (docs/adr/0009). In session N a schedule is kept under a
// name of its own, "name@N": what is done there says nothing of the live market's, which goes on where it was when that
// is back. Used with a market's clock:
//
//   on a change of session:   store.Turn(session); scheduler.Start();   nothing was due before the session began
//
// Leases stay on the machine's clock. Two sessions over the same days have the same due times: a job that takes the
// run's key for once-only effects adds the session to it. Thread-safe.
#pragma once

#include <atomic>

#include "libs/scheduler/scheduler.h"

namespace papertape::scheduler {

class SessionSchedules final : public ScheduleStore {
 public:
  // In the live market, session 0, until told otherwise.
  explicit SessionSchedules(ScheduleStore& store) : store_(store) {}
  void Turn(std::int64_t session) { session_ = session; }

  absl::Status Register(const std::vector<std::string>& names, Timestamp now) override;
  absl::StatusOr<Timestamp> DoneUntil(const std::string& name) override { return store_.DoneUntil(NameOf(name)); }
  absl::StatusOr<std::optional<Lease>> Take(const std::string& name, std::chrono::milliseconds lease) override {
    return store_.Take(NameOf(name), lease);
  }
  // A lease knows the session that it was taken in.
  absl::StatusOr<std::int64_t> Begin(const Lease& lease, const Run& run) override;
  absl::Status End(const Lease& lease, std::int64_t run_id, RunState state, std::string_view detail,
                   std::optional<Timestamp> done_until, std::chrono::milliseconds pause) override {
    return store_.End(lease, run_id, state, detail, done_until, pause);
  }
  absl::Status Release(const Lease& lease) override { return store_.Release(lease); }
  absl::StatusOr<std::vector<PastRun>> History(const std::string& name, std::int64_t limit) override;

 private:
  [[nodiscard]] std::string NameOf(const std::string& name) const;

  ScheduleStore& store_;
  std::atomic<std::int64_t> session_{0};
};

}  // namespace papertape::scheduler

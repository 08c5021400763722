#include "libs/scheduler/session_schedules.h"

#include "libs/status/status.h"

namespace papertape::scheduler {

std::string SessionSchedules::NameOf(const std::string& name) const {
  const std::int64_t session = session_;
  return session == 0 ? name : name + "@" + std::to_string(session);
}

absl::Status SessionSchedules::Register(const std::vector<std::string>& names, Timestamp now) {
  std::vector<std::string> kept;
  kept.reserve(names.size());
  for (const std::string& name : names) kept.push_back(NameOf(name));
  return store_.Register(kept, now);
}

absl::StatusOr<std::int64_t> SessionSchedules::Begin(const Lease& lease, const Run& run) {
  Run kept = run;
  kept.name = lease.name;
  return store_.Begin(lease, kept);
}

absl::StatusOr<std::vector<PastRun>> SessionSchedules::History(const std::string& name, std::int64_t limit) {
  PT_ASSIGN_OR_RETURN(std::vector<PastRun> runs, store_.History(NameOf(name), limit));
  for (PastRun& past : runs) past.run.name = name;
  return runs;
}

}  // namespace papertape::scheduler

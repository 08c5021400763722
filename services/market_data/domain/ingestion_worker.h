// Works through ingestion tasks, one stretch of sessions a step: takes a task, finds the sessions without a bar, asks
// for those, checks what came and writes it with the progress in one transaction. A process that dies loses its lease
// and nothing else: whoever takes the task finds the gaps that are left. Not thread-safe: one thread steps.
#pragma once

#include <chrono>
#include <deque>
#include <optional>

#include "absl/status/statusor.h"
#include "services/market_data/domain/ingestion_ports.h"
#include "services/market_data/domain/ports.h"
#include "services/market_data/domain/session_gaps.h"

namespace papertape::market {

class IngestionWorker {
 public:
  struct Ports {
    IngestionTasks& tasks;
    BarStore& bars;
    BarHistory& history;
    SplitHistory& splits;
    IngestionTally& tally;
    const Clock& clock;
  };
  struct Options {
    std::chrono::milliseconds lease{60'000};
    std::chrono::milliseconds fetch_timeout{30'000};  // of one request, less than the lease
    GapOptions gaps;
    int largest_jump_pct = 40;
    int attempts = 5;                              // outages in a row, then the task has failed
    std::chrono::milliseconds first_pause{1'000};  // after an outage, doubled with each, unless the provider says more
    std::chrono::milliseconds longest_pause{60'000};
  };
  IngestionWorker(const Ports& ports, const Options& options) : ports_(ports), options_(options) {}

  // One step; false when there is nothing to do. An error is the database's: the step is begun anew later.
  absl::StatusOr<bool> Step();
  // Gives back the task in hand, if there is one, so that another may go on with it at once.
  void LetGo();

 private:
  // A task in hand, and what is left of it.
  struct Work {
    LeasedTask task;
    std::set<Timestamp> known;  // days with a bar that is not asked for again
    std::deque<Stretch> gaps;
    std::optional<Bar> newest;  // of those written last
  };
  absl::StatusOr<bool> Take();
  absl::Status Ask(const Stretch& stretch);
  // The bar recorded before the stretch; nothing where there is none, or only an old one.
  absl::StatusOr<std::optional<Bar>> Before(const Stretch& stretch);
  absl::StatusOr<Chunk> Check(const Stretch& stretch, FetchedBars fetched);
  absl::Status Failed(const absl::Status& why);
  absl::Status End(TaskState state, const absl::Status& why);

  const Ports ports_;
  const Options options_;
  std::optional<Work> work_;
};

}  // namespace papertape::market

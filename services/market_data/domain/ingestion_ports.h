// What ingestion asks of the outside. Implementations are thread-safe.
#pragma once

#include <chrono>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "libs/idempotency/repeatable.h"
#include "services/market_data/domain/bar.h"
#include "services/market_data/domain/corporate_action.h"
#include "services/market_data/domain/ingestion_job.h"
#include "services/market_data/domain/provider.h"
#include "services/market_data/domain/quarantine.h"
#include "services/market_data/domain/session_gaps.h"

namespace papertape::market {

// Bars of one symbol, and who told them.
struct SourcedBars {
  std::string source;
  std::vector<Bar> bars;
};

// The daily bars of one symbol that are asked for.
struct FetchRequest {
  const Instrument& instrument;
  const Stretch& sessions;
  std::string_view provider;    // asked alone, where it is not empty
  bool for_everything = false;  // the same days are about to be asked for of every instrument
};

// What came of it. As it was said: nobody has checked it.
struct FetchedBars {
  // In the order in which they were asked, the first even if it has no bars. A later one has none of a day that an
  // earlier one told.
  std::vector<SourcedBars> told;
  std::string remark;  // who could not answer, or has not all of it; empty: nobody
};

// Everybody who may know bars of the past.
class BarHistory {
 public:
  virtual ~BarHistory() = default;
  // Whether there is a provider of that name.
  [[nodiscard]] virtual bool Has(std::string_view provider) const = 0;
  // Whether anybody may know daily bars of it, from what is known without asking.
  [[nodiscard]] virtual bool Can(const Instrument& instrument) const = 0;
  // Errors are those of Provider (provider.h).
  virtual absl::StatusOr<FetchedBars> Fetch(const FetchRequest& wanted, Instant deadline) = 0;
};

// What came of asking for one stretch of sessions.
struct Chunk {
  std::vector<SourcedBars> bars;  // good ones, each ascending, no day twice
  std::vector<Suspect> suspects;
  std::vector<Timestamp> acquitted;  // days among the bars that may stand in the quarantine for a jump
  std::string source;                // who told the newest bar
  std::string remark;
  Timestamp asked_until;
  std::int64_t sessions = 0;  // asked for
  std::int64_t missing = 0;
};

// What a chunk did to the recorded bars.
struct Written {
  std::int64_t added = 0;
  std::int64_t corrected = 0;
};

// Jobs as their readers see them.
class IngestionJobs {
 public:
  virtual ~IngestionJobs() = default;
  // The new job's number. UNKNOWN_SYMBOL, and no job, when the catalogue lacks a symbol.
  virtual absl::StatusOr<std::int64_t> Create(const IngestionRequest& request,
                                              const idempotency::Repeatable<std::int64_t>& repeatable) = 0;
  // NOT_FOUND.
  virtual absl::StatusOr<IngestionJob> Find(std::int64_t id) = 0;
  virtual absl::StatusOr<JobPage> List(std::int64_t offset, std::int64_t limit) = 0;
  // What waits ends now, what runs ends before its next chunk. NOT_FOUND.
  virtual absl::Status Cancel(std::int64_t id) = 0;
  // By symbol.
  virtual absl::StatusOr<std::vector<AvailableSymbol>> Available() = 0;
};

// Tasks as their worker sees them. What is written under a fence that is not the newest is refused with CONFLICT and
// has no effect.
class IngestionTasks {
 public:
  virtual ~IngestionTasks() = default;
  // The task that has waited longest among those that nobody holds; nothing when there is none.
  virtual absl::StatusOr<std::optional<LeasedTask>> Lease(std::chrono::milliseconds lease) = 0;
  // The days of recorded daily bars, both ends inclusive.
  virtual absl::StatusOr<std::set<Timestamp>> KnownDays(const std::string& symbol, Timestamp first, Timestamp last) = 0;
  // Notes how many sessions the task has still to ask for.
  virtual absl::Status Plan(const LeasedTask& task, std::int64_t sessions) = 0;
  // Bars, suspects and progress, all or nothing; the lease begins anew. Bars from the task's `correct_from` on
  // overwrite what they differ from. What it did, for each of the chunk's sources. CANCELLED when the job was canceled
  // meanwhile.
  virtual absl::StatusOr<std::vector<Written>> Write(const LeasedTask& task, const Chunk& chunk,
                                                     std::chrono::milliseconds lease) = 0;
  // The end: `state` is done, failed or canceled. `why` is the failure, OK where there is none.
  virtual absl::Status Finish(const LeasedTask& task, TaskState state, const absl::Status& why) = 0;
  // Lets go of the task until `pause` is over. A failure `why` counts as an attempt.
  virtual absl::Status Postpone(const LeasedTask& task, std::chrono::milliseconds pause, const absl::Status& why) = 0;
};

// What explains a jump: splits with an ex-date from `from` to `until`.
class SplitHistory {
 public:
  virtual ~SplitHistory() = default;
  // Those that are recorded; none where they cannot be read.
  virtual std::vector<CorporateAction> Recorded(const std::string& symbol, Timestamp from, Timestamp until) = 0;
  // Those that providers tell; none where nobody can, or not by `deadline`.
  virtual std::vector<CorporateAction> Asked(const Instrument& instrument, Timestamp from, Timestamp until,
                                             Instant deadline) = 0;
};

// Counts, for whoever watches.
class IngestionTally {
 public:
  virtual ~IngestionTally() = default;
  virtual void Wrote(std::string_view source, const Written& written) = 0;
  virtual void Suspected(const std::vector<Suspect>& suspects) = 0;
  virtual void Finished(TaskState state) = 0;
};

}  // namespace papertape::market

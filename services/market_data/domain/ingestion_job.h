// Ingestion jobs: daily bars of some symbols over some days, asked for from the providers and written into the
// database. A job is as far as its tasks are, one a symbol. Values only.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libs/clock/clock.h"
#include "services/market_data/domain/instrument.h"

namespace papertape::market {

enum class TaskState { kWaiting, kRunning, kDone, kFailed, kCanceled };
std::string_view TaskStateName(TaskState state);  // "waiting", ...
std::optional<TaskState> ParseTaskState(std::string_view name);

// What a job was asked to do. Days are midnights UTC, both ends inclusive.
struct IngestionRequest {
  enum class Cause { kRequest, kSchedule };
  Cause cause = Cause::kRequest;
  std::vector<std::string> symbols;  // as the catalogue has them, each once
  Timestamp first_day;
  Timestamp last_day;
  // Bars from here on are asked for although they are known, and overwritten where they have been corrected since.
  std::optional<Timestamp> correct_from;
  std::string provider;           // whom to ask, and nobody else; empty: the chain of them
  std::int64_t requested_by = 0;  // user id; 0: the suite itself
};

// One symbol of a job.
struct IngestionTask {
  std::string symbol;
  TaskState state = TaskState::kWaiting;
  std::int64_t sessions = 0;        // to ask for; known once it has begun
  std::int64_t sessions_asked = 0;  // of these, asked for by now
  std::int64_t added = 0;           // bars
  std::int64_t corrected = 0;       // bars that were there and are otherwise now
  std::int64_t quarantined = 0;     // bars that cannot be true
  std::int64_t missing = 0;         // sessions for which nobody has a bar
  std::string source;               // who gave the newest bars; empty: nobody yet
  std::string error_code;           // a reason of the registry, of the last failure; empty: none
  std::string remark;               // that failure in words, or who was passed over
  std::optional<Timestamp> started_at;
  std::optional<Timestamp> finished_at;
};

struct TaskCounts {
  std::int64_t waiting = 0;
  std::int64_t running = 0;
  std::int64_t done = 0;
  std::int64_t failed = 0;
  std::int64_t canceled = 0;
  [[nodiscard]] std::int64_t all() const { return waiting + running + done + failed + canceled; }
};

// "queued": nothing has begun; "running"; when all has ended "canceled" (some of it was), "failed" (all of it),
// "partial" (some of it), or "done".
std::string_view JobStateName(const TaskCounts& counts);

struct IngestionJob {
  std::int64_t id = 0;
  IngestionRequest request;  // without the symbols: those are the tasks'
  Timestamp created_at;
  std::optional<Timestamp> canceled_at;
  TaskCounts counts;
  double share_done = 0;             // of the work that is known of, 0 to 1; every symbol counts the same
  IngestionTask total;               // sums over the tasks; its symbol, state, source and error mean nothing
  std::vector<IngestionTask> tasks;  // in the order of the request; empty in lists
};

struct JobPage {
  std::vector<IngestionJob> jobs;  // newest first, without their tasks
  std::int64_t total = 0;
};

// "ingestion job 12 of 23 symbols": what a schedule's history says of it.
std::string Describe(const IngestionJob& job);

// A task in somebody's hands, until the lease ends or another takes it over: then `fence` is no longer the newest.
struct LeasedTask {
  std::int64_t job_id = 0;
  Instrument instrument;
  std::int64_t fence = 0;
  std::int64_t attempts = 0;  // failed in a row
  Timestamp first_day;
  Timestamp last_day;
  std::optional<Timestamp> correct_from;
  std::string provider;
  bool for_everything = false;           // its job is a schedule's, which asks for every instrument
  std::optional<Timestamp> asked_until;  // every session until here has been asked for
  bool canceled = false;
};

// A symbol of which there are daily bars.
struct AvailableSymbol {
  std::string symbol;
  Timestamp first_day;
  Timestamp last_day;
  std::int64_t bars = 0;
};

}  // namespace papertape::market

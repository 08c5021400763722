#include "services/market_data/domain/ingestion_worker.h"

#include <algorithm>
#include <utility>

#include "libs/status/status.h"
#include "services/market_data/domain/bar_quality.h"

namespace papertape::market {
namespace {

using std::chrono::milliseconds;

// An older bar says little about the size of a step.
constexpr std::chrono::days kOldestBefore{30};

bool IsOutage(const absl::Status& status) { return ReasonOf(status) == Reason::kPROVIDER_UNAVAILABLE; }

}  // namespace

absl::StatusOr<bool> IngestionWorker::Step() {
  if (!work_) return Take();
  absl::Status done;
  if (work_->gaps.empty()) {
    done = End(TaskState::kDone, absl::OkStatus());
  } else {
    const Stretch stretch = std::move(work_->gaps.front());
    work_->gaps.pop_front();
    done = Ask(stretch);
  }
  if (done.ok()) return true;
  work_.reset();
  // Another has the task, or it was taken back: so be it.
  if (ReasonOf(done) == Reason::kCONFLICT) return true;
  return done;
}

void IngestionWorker::LetGo() {
  if (!work_) return;
  // When this fails, the lease ends by itself.
  ports_.tasks.Postpone(work_->task, milliseconds(0), absl::OkStatus()).IgnoreError();
  work_.reset();
}

absl::StatusOr<bool> IngestionWorker::Take() {
  PT_ASSIGN_OR_RETURN(std::optional<LeasedTask> task, ports_.tasks.Lease(options_.lease));
  if (!task) return false;
  work_ = Work{.task = *std::move(task)};
  const LeasedTask& taken = work_->task;
  const auto plan = [&]() -> absl::Status {
    if (taken.canceled) return End(TaskState::kCanceled, absl::OkStatus());
    std::vector<Timestamp> sessions =
        FinishedSessions(taken.instrument.exchange, taken.first_day, taken.last_day, ports_.clock.Now());
    std::erase_if(sessions, [&](Timestamp day) { return taken.asked_until && day <= *taken.asked_until; });
    PT_ASSIGN_OR_RETURN(work_->known, ports_.tasks.KnownDays(taken.instrument.symbol, taken.first_day, taken.last_day));
    if (taken.correct_from) work_->known.erase(work_->known.lower_bound(*taken.correct_from), work_->known.end());
    const std::vector<Stretch> gaps = GapsOf(sessions, work_->known, options_.gaps);
    work_->gaps.assign(gaps.begin(), gaps.end());
    std::int64_t wanted = 0;
    for (const Stretch& gap : gaps) wanted += static_cast<std::int64_t>(gap.size());
    return ports_.tasks.Plan(taken, wanted);
  };
  if (const absl::Status planned = plan(); !planned.ok()) {
    work_.reset();
    return ReasonOf(planned) == Reason::kCONFLICT ? absl::StatusOr<bool>(true) : planned;
  }
  return true;
}

absl::Status IngestionWorker::Ask(const Stretch& stretch) {
  const LeasedTask& task = work_->task;
  const BarRequest request{
      .symbol = task.instrument.symbol, .interval = Interval::kDay, .from = stretch.front(), .until = stretch.back()};
  absl::StatusOr<FetchedBars> fetched =
      ports_.history.Fetch(request, task.instrument, task.provider, ports_.clock.Steady() + options_.fetch_timeout);
  if (!fetched.ok()) return Failed(fetched.status());
  PT_ASSIGN_OR_RETURN(const Chunk chunk, Check(stretch, *std::move(fetched)));
  const absl::StatusOr<Written> written = ports_.tasks.Write(task, chunk, options_.lease);
  if (ReasonOf(written.status()) == Reason::kCANCELLED) return End(TaskState::kCanceled, absl::OkStatus());
  PT_RETURN_IF_ERROR(written.status());
  work_->task.attempts = 0;
  if (!chunk.bars.empty()) work_->newest = chunk.bars.back();
  ports_.tally.Wrote(chunk.source, *written);
  ports_.tally.Suspected(chunk.suspects);
  return absl::OkStatus();
}

absl::StatusOr<std::optional<Bar>> IngestionWorker::Before(const Stretch& stretch) {
  const auto day_before = work_->known.lower_bound(stretch.front());
  const bool known_between =
      day_before != work_->known.begin() && work_->newest && *std::prev(day_before) > work_->newest->time;
  if (work_->newest && !known_between) {
    return stretch.front() - work_->newest->time <= kOldestBefore ? work_->newest : std::nullopt;
  }
  PT_ASSIGN_OR_RETURN(const BarPage page, ports_.bars.List({.symbol = work_->task.instrument.symbol,
                                                            .from = stretch.front() - kOldestBefore,
                                                            .until = stretch.front() - std::chrono::microseconds(1),
                                                            .limit = kOldestBefore.count()}));
  return page.bars.empty() ? std::nullopt : std::optional(page.bars.back());
}

absl::StatusOr<Chunk> IngestionWorker::Check(const Stretch& stretch, FetchedBars fetched) {
  const LeasedTask& task = work_->task;
  // Beyond what was asked for nothing is known of sessions and neighbours.
  std::erase_if(fetched.bars, [&](const Bar& bar) { return bar.time < stretch.front() || bar.time > stretch.back(); });
  SaidBars said{.symbol = task.instrument.symbol,
                .exchange = task.instrument.exchange,
                .interval = Interval::kDay,
                .source = fetched.source,
                .bars = std::move(fetched.bars)};
  PT_ASSIGN_OR_RETURN(said.before, Before(stretch));
  const auto splits = [&] {
    return ports_.splits.Splits(task.instrument, said.before ? said.before->time : stretch.front(), stretch.back(),
                                ports_.clock.Steady() + options_.fetch_timeout / 2);
  };
  CheckedBars checked =
      CheckBars(said, {.now = ports_.clock.Now(), .largest_jump_pct = options_.largest_jump_pct}, splits);

  Chunk chunk{.bars = std::move(checked.good),
              .suspects = std::move(checked.suspects),
              .source = said.source,
              .remark = std::move(fetched.remark),
              .asked_until = stretch.back(),
              .sessions = static_cast<std::int64_t>(stretch.size())};
  std::vector<Timestamp> told;
  told.reserve(chunk.bars.size() + chunk.suspects.size());
  for (const Bar& bar : chunk.bars) told.push_back(bar.time);
  for (const Suspect& suspect : chunk.suspects) told.push_back(suspect.time);
  std::sort(told.begin(), told.end());
  chunk.missing = std::count_if(stretch.begin(), stretch.end(),
                                [&](Timestamp day) { return !std::binary_search(told.begin(), told.end(), day); });
  std::erase_if(chunk.bars, [&](const Bar& bar) { return work_->known.contains(bar.time); });
  return chunk;
}

absl::Status IngestionWorker::Failed(const absl::Status& why) {
  const LeasedTask& task = work_->task;
  if (!IsOutage(why) || task.attempts + 1 >= options_.attempts) return End(TaskState::kFailed, why);
  const milliseconds wanted(DetailsOf(why).retry_after_ms);
  const milliseconds pause =
      std::min(options_.longest_pause, std::max(wanted, options_.first_pause * (std::int64_t{1} << task.attempts)));
  const absl::Status postponed = ports_.tasks.Postpone(task, pause, why);
  work_.reset();
  return postponed;
}

absl::Status IngestionWorker::End(TaskState state, const absl::Status& why) {
  const absl::Status ended = ports_.tasks.Finish(work_->task, state, why);
  work_.reset();
  if (ended.ok()) ports_.tally.Finished(state);
  return ended;
}

}  // namespace papertape::market

#include "services/market_data/domain/ingestion_worker.h"

#include <algorithm>
#include <map>
#include <utility>

#include "fmt/format.h"
#include "libs/status/status.h"
#include "services/market_data/domain/bar_quality.h"
#include "services/market_data/domain/jump_explanations.h"

namespace papertape::market {
namespace {

using std::chrono::milliseconds;

// An older bar says little about the size of a step.
constexpr std::chrono::days kOldestBefore{30};

// Who said the bar of a day.
class SaidBy {
 public:
  explicit SaidBy(const std::vector<SourcedBars>& told) {
    for (const SourcedBars& one : told) {
      sources_.push_back(one.source);
      // Nearly always there is but one.
      if (sources_.size() == 1) continue;
      for (const Bar& bar : one.bars) others_.emplace(bar.time, sources_.size() - 1);
    }
  }
  [[nodiscard]] const std::string& First() const { return sources_.front(); }
  [[nodiscard]] const std::string& Of(Timestamp day) const { return sources_[IndexOf(day)]; }
  // `bars` to each source its own.
  [[nodiscard]] std::vector<SourcedBars> Sorted(std::vector<Bar> bars) const {
    std::vector<SourcedBars> sorted;
    for (const std::string& source : sources_) sorted.push_back({.source = source});
    if (sorted.size() == 1) {
      sorted.front().bars = std::move(bars);
      return sorted;
    }
    for (const Bar& bar : bars) sorted[IndexOf(bar.time)].bars.push_back(bar);
    return sorted;
  }

 private:
  [[nodiscard]] std::size_t IndexOf(Timestamp day) const {
    const auto other = others_.find(day);
    return other == others_.end() ? 0 : other->second;
  }

  std::vector<std::string> sources_;
  std::map<Timestamp, std::size_t> others_;  // days that another than the first said
};

// As one said them; what several said, in the order of time.
std::vector<Bar> InOrder(std::vector<SourcedBars> told) {
  std::vector<Bar> bars = std::move(told.front().bars);
  if (told.size() == 1) return bars;
  for (std::size_t i = 1; i < told.size(); ++i) bars.insert(bars.end(), told[i].bars.begin(), told[i].bars.end());
  std::stable_sort(bars.begin(), bars.end(), [](const Bar& a, const Bar& b) { return a.time < b.time; });
  return bars;
}

// The sessions of which nobody said anything.
std::int64_t CountUntold(const Stretch& stretch, const std::vector<Bar>& good, const std::vector<Suspect>& suspects) {
  std::vector<Timestamp> told;
  told.reserve(good.size() + suspects.size());
  for (const Bar& bar : good) told.push_back(bar.time);
  for (const Suspect& suspect : suspects) told.push_back(suspect.time);
  std::sort(told.begin(), told.end());
  return std::count_if(stretch.begin(), stretch.end(),
                       [&](Timestamp day) { return !std::binary_search(told.begin(), told.end(), day); });
}

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
  absl::StatusOr<FetchedBars> fetched = ports_.history.Fetch({.instrument = task.instrument,
                                                              .sessions = stretch,
                                                              .provider = task.provider,
                                                              .for_everything = task.for_everything},
                                                             ports_.clock.Steady() + options_.fetch_timeout);
  if (!fetched.ok()) return Failed(fetched.status());
  PT_ASSIGN_OR_RETURN(const Chunk chunk, Check(stretch, *std::move(fetched)));
  const auto written = ports_.tasks.Write(task, chunk, options_.lease);
  if (ReasonOf(written.status()) == Reason::kCANCELLED) return End(TaskState::kCanceled, absl::OkStatus());
  PT_RETURN_IF_ERROR(written.status());
  work_->task.attempts = 0;
  for (std::size_t i = 0; i < chunk.bars.size(); ++i) {
    const std::vector<Bar>& bars = chunk.bars[i].bars;
    if (!bars.empty() && (!work_->newest || bars.back().time > work_->newest->time)) work_->newest = bars.back();
    ports_.tally.Wrote(chunk.bars[i].source, (*written)[i]);
  }
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
  const SaidBy said_by(fetched.told);
  SaidBars said{.symbol = task.instrument.symbol,
                .exchange = task.instrument.exchange,
                .interval = Interval::kDay,
                .source = fetched.told.front().source,
                .bars = InOrder(std::move(fetched.told))};
  // Beyond what was asked for nothing is known of sessions and neighbours.
  std::erase_if(said.bars, [&](const Bar& bar) { return bar.time < stretch.front() || bar.time > stretch.back(); });
  PT_ASSIGN_OR_RETURN(said.before, Before(stretch));
  const Instant deadline = ports_.clock.Steady() + options_.fetch_timeout / 2;
  CheckedBars checked =
      CheckBars(std::move(said), {.now = ports_.clock.Now(), .largest_jump_pct = options_.largest_jump_pct},
                ExplainJumps({.splits = ports_.splits, .bars = ports_.bars}, task.instrument, deadline));

  Chunk chunk{.suspects = std::move(checked.suspects),
              .remark = std::move(fetched.remark),
              .asked_until = stretch.back(),
              .sessions = static_cast<std::int64_t>(stretch.size())};
  chunk.missing = CountUntold(stretch, checked.good, chunk.suspects);
  chunk.source = checked.good.empty() ? said_by.First() : said_by.Of(checked.good.back().time);
  for (Suspect& suspect : chunk.suspects) suspect.source = said_by.Of(suspect.time);
  for (const Suspect& jump : checked.acquitted) {
    chunk.acquitted.push_back(jump.time);
    chunk.remark += fmt::format("{}A jump lasts and is taken: {}.", chunk.remark.empty() ? "" : " ", jump.detail);
  }
  std::erase_if(checked.good, [&](const Bar& bar) { return work_->known.contains(bar.time); });
  chunk.bars = said_by.Sorted(std::move(checked.good));
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

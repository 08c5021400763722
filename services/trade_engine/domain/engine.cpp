#include "services/trade_engine/domain/engine.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace papertape::trade_engine {
namespace {

constexpr std::size_t kTickEntriesWaiting = 1'024;
// While a batch commits, commands are decided by so many at once: waking up for one costs more than deciding it.
constexpr std::size_t kDecidedAtOnce = 32;

absl::Status Away() {
  return WithRetryAfter(Error(Reason::kUNAVAILABLE, "The trade engine is recovering; nothing was lost, try again."),
                        1'000);
}

}  // namespace

Engine::Engine(Options options, BookOptions book, Journal& journal, IdSource& ids, CommittedView& view,
               const Clock& clock, Hooks hooks)
    : options_(options),
      journal_(journal),
      view_(view),
      clock_(clock),
      hooks_(std::move(hooks)),
      book_(std::move(book), ids),
      market_(clock),
      settled_(clock) {}

Engine::~Engine() { Stop(); }

void Engine::Start() {
  decider_ = std::thread([this] { DecideLoop(); });
  committer_ = std::thread([this] { CommitLoop(); });
  answerer_ = std::thread([this] { AnswerLoop(); });
}

void Engine::Stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    running_ = false;
  }
  decider_wakes_.notify_all();
  committer_wakes_.notify_all();
  feeder_wakes_.notify_all();
  if (decider_.joinable()) decider_.join();
  if (committer_.joinable()) committer_.join();
  {
    const std::lock_guard lock(mutex_);
    last_outcome_known_ = true;
  }
  answerer_wakes_.notify_all();
  if (answerer_.joinable()) answerer_.join();
  for (auto& [work, refuse] : inbox_.commands) refuse(Away());
  inbox_.commands.clear();
  AnswerAll(gathering_.answers, Away());
}

absl::Status Engine::Ready() const {
  const std::lock_guard lock(mutex_);
  return running_ && !behind_ ? absl::OkStatus() : Away();
}

void Engine::Enqueue(Work work, Answer refuse) {
  bool enough = false;
  {
    const std::lock_guard lock(mutex_);
    if (running_ && !behind_ && inbox_.commands.size() < options_.inbox) {
      inbox_.commands.emplace_back(std::move(work), std::move(refuse));
      refuse = nullptr;
      enough = !commit_running_ || inbox_.commands.size() % kDecidedAtOnce == 0;
    }
  }
  if (refuse != nullptr) return refuse(Away());
  if (enough) decider_wakes_.notify_one();
}

void Engine::Feed(TickEntry entry) {
  {
    std::unique_lock lock(mutex_);
    feeder_wakes_.wait(lock, [this] { return stopping_ || inbox_.ticks.size() < kTickEntriesWaiting; });
    if (stopping_ || !running_ || entry.epoch != cursor_.epoch) return;
    inbox_.ticks.push_back(std::move(entry));
  }
  decider_wakes_.notify_one();
}

void Engine::Learn(std::vector<CorporateAction> actions) {
  {
    const std::lock_guard lock(mutex_);
    std::move(actions.begin(), actions.end(), std::back_inserter(inbox_.actions));
  }
  decider_wakes_.notify_one();
}

TickCursor Engine::tick_cursor() {
  const std::lock_guard lock(mutex_);
  return cursor_;
}

void Engine::CaughtUp(std::uint64_t epoch) {
  const std::lock_guard lock(mutex_);
  if (epoch == cursor_.epoch) behind_ = false;
}

void Engine::DecideLoop() {
  while (Load()) {
    std::unique_lock lock(mutex_);
    while (!stopping_ && !commit_failed_ && !turn_to_) {
      decider_wakes_.wait_for(lock, options_.position_every, [this] {
        const bool may_decide = gathering_.answers.size() < options_.look_ahead;
        const bool has_work = !inbox_.commands.empty() || !inbox_.ticks.empty() || !inbox_.actions.empty();
        const bool may_commit = !commit_running_ && (!gathering_.answers.empty() || !gathering_.batch.empty());
        return stopping_ || commit_failed_ || (may_decide && has_work) || may_commit;
      });
      if (stopping_ || commit_failed_) break;
      if (gathering_.answers.size() < options_.look_ahead) {
        Inbox taken;
        std::swap(taken, inbox_);
        taken.caught_up = !behind_;
        lock.unlock();
        feeder_wakes_.notify_all();
        DecideInbox(std::move(taken));
        lock.lock();
      }
      HandOver(lock);
    }
    if (turn_to_) CommitAll(lock);
  }
}

void Engine::DecideInbox(Inbox inbox) {
  for (const CorporateAction& action : inbox.actions) book_.Learn(action, market_.Now());
  // Ticks first: a fill uses the newest price that has been read.
  for (TickEntry& entry : inbox.ticks) {
    if (CountAgain(entry)) continue;
    if (entry.position.session != position_.session) {
      // This entry and those behind it are read again, by the books of their session.
      turn_to_ = std::move(entry.position);
      turn_to_->entry = position_.entry;
      for (auto& [work, refuse] : inbox.commands) refuse(Away());
      return;
    }
    market_.Follow(entry.position.clock_micros);
    const Timestamp now = market_.Now();
    for (const Quote& quote : entry.quotes) book_.Tick(quote, now, gathering_.batch, entry.position.entry);
    TellApplied();
    view_.PublishQuotes(entry.quotes);
    if (hooks_.after_ticks) hooks_.after_ticks(entry);
    position_ = std::move(entry.position);
  }
  const Timestamp now = market_.Now();
  // While ticks of the past are still to come, theirs is the time that counts.
  if (inbox.caught_up) book_.ApplyDue(now, gathering_.batch);
  TellApplied();
  for (auto& [work, refuse] : inbox.commands) gathering_.answers.push_back(work(book_, gathering_.batch, now));
}

void Engine::TellApplied() {
  for (const ActionApplied& applied : book_.TakeApplied()) {
    if (IsSplit(applied.action)) view_.VoidQuotes(applied.action.symbol, BeginsAt(applied.action));
    if (hooks_.after_action) hooks_.after_action(applied);
  }
}

// From where on the tape is read: not after the position of the books. Where they slept, or nothing was kept of their
// trades' ways, counting begins with their position.
std::string Engine::BeginRecount(const std::string& kept, bool slept) {
  recount_ = {};
  if (slept || kept.empty()) {
    book_.BeginCounting(true);
    return position_.entry;
  }
  recount_ = {.from = kept, .to = position_.entry};
  return JustBefore(kept);
}

bool Engine::CountAgain(const TickEntry& entry) {
  if (recount_.to.empty()) return false;
  const std::string& id = entry.position.entry;
  if (!IsAfter(id, recount_.to)) {
    recount_.began = recount_.began || id == recount_.from;
    recount_.seen = id;
    const bool counts = IsAfter(id, recount_.from) && entry.position.session == position_.session;
    for (const Quote& quote : entry.quotes) {
      if (counts) book_.CountAgain(quote);
    }
    if (id != recount_.to) return true;
  }
  book_.BeginCounting(!recount_.began || recount_.seen != recount_.to);
  recount_ = {};
  return id == position_.entry;
}

bool Engine::WantsCommit(Timestamp now) const {
  if (!gathering_.batch.empty()) return true;
  return position_.entry != cursor_.position && now - position_committed_at_ >= options_.position_every;
}

// With the lock held: gives what was gathered to the committer if it is free. Answers that wait for nothing go at once.
void Engine::HandOver(std::unique_lock<std::mutex>& lock) {
  if (commit_running_ || commit_failed_) return;
  const Timestamp now = clock_.Now();
  if (WantsCommit(now)) {
    gathering_.batch.set_tick_position(position_);
    // With a split in any case: what is counted again begins behind it.
    const bool due = now - extremes_kept_at_ >= options_.position_every || !gathering_.batch.action_marks().empty();
    if (due && recount_.to.empty()) {
      gathering_.batch.set_extremes(book_.TakeExtremes());
      extremes_kept_at_ = now;
    }
    position_committed_at_ = now;
    committing_ = std::move(gathering_);
    gathering_ = Batches();
    commit_running_ = true;
    committer_wakes_.notify_one();
    return;
  }
  settled_.Follow(position_.clock_micros);
  std::vector<Answer> answers = std::move(gathering_.answers);
  gathering_ = Batches();
  lock.unlock();
  AnswerAll(answers, absl::OkStatus());
  lock.lock();
}

void Engine::CommitLoop() {
  std::unique_lock lock(mutex_);
  while (true) {
    committer_wakes_.wait(lock, [this] { return stopping_ || commit_running_; });
    if (!commit_running_) return;
    Batches batches = std::move(committing_);
    lock.unlock();
    const absl::Status committed = journal_.Commit(batches.batch);
    if (committed.ok()) {
      view_.Publish(batches.batch);
      settled_.Follow(batches.batch.tick_position().clock_micros);
    }
    lock.lock();
    commit_running_ = false;
    commit_failed_ = !committed.ok();
    superseded_ = absl::IsAborted(committed);
    if (committed.ok()) cursor_.position = batches.batch.tick_position().entry;
    if (commit_failed_) running_ = false;
    outcomes_.push_back({std::move(batches), committed.ok() ? committed : Away()});
    lock.unlock();
    // The next batch is committed while this one's callers are answered.
    decider_wakes_.notify_one();
    answerer_wakes_.notify_one();
    if (committed.ok()) hooks_.after_commit();
    lock.lock();
  }
}

void Engine::AnswerLoop() {
  std::unique_lock lock(mutex_);
  while (true) {
    answerer_wakes_.wait(lock, [this] { return last_outcome_known_ || !outcomes_.empty(); });
    if (outcomes_.empty()) return;
    std::vector<Outcome> outcomes = std::move(outcomes_);
    outcomes_.clear();
    lock.unlock();
    for (Outcome& outcome : outcomes) AnswerAll(outcome.batches.answers, outcome.status);
    outcomes.clear();
    lock.lock();
  }
}

// With the lock held: nothing new is taken, and what was gathered becomes durable, or is known not to be.
void Engine::CommitAll(std::unique_lock<std::mutex>& lock) {
  running_ = false;
  while (!stopping_ && !commit_failed_ &&
         (commit_running_ || !gathering_.answers.empty() || !gathering_.batch.empty())) {
    HandOver(lock);
    decider_wakes_.wait(lock, [this] { return stopping_ || !commit_running_; });
  }
  if (commit_failed_) turn_to_.reset();  // back to what is committed: the tape comes to its turn again
}

// Drops what was decided but not committed and loads the book. False when the engine is to stop.
bool Engine::Load() {
  DropUndecided();
  while (!WaitIfSuperseded()) {
    const bool turned = turn_to_.has_value();
    const absl::StatusOr<Snapshot> snapshot = OpenBooks();
    std::unique_lock lock(mutex_);
    superseded_ = absl::IsAborted(snapshot.status());
    if (snapshot.ok()) {
      position_ = snapshot->tick_position;
      market_.Follow(position_.clock_micros);
      settled_.Follow(position_.clock_micros);
      book_.Restore(*snapshot, market_.Now());
      view_.Reset(*snapshot);
      cursor_ = {.epoch = cursor_.epoch + 1, .position = BeginRecount(snapshot->extremes.position, turned)};
      commit_failed_ = false;
      behind_ = options_.catch_up;
      running_ = !stopping_;
      return !stopping_;
    }
    decider_wakes_.wait_for(lock, options_.recover_every, [this] { return stopping_ || superseded_; });
    if (stopping_) return false;
  }
  return false;
}

// Those of the session that the tape has turned to, once; otherwise those that were open last.
absl::StatusOr<Snapshot> Engine::OpenBooks() {
  if (!turn_to_) return journal_.TakeOver();
  return journal_.TurnTo(*std::exchange(turn_to_, std::nullopt));
}

void Engine::DropUndecided() {
  AnswerAll(gathering_.answers, Away());
  gathering_ = Batches();
  Inbox dropped;
  {
    const std::lock_guard lock(mutex_);
    std::swap(dropped, inbox_);
    // What was learned stays: it may have been kept after the snapshot was read.
    inbox_.actions = std::move(dropped.actions);
  }
  feeder_wakes_.notify_all();
  for (auto& [work, refuse] : dropped.commands) refuse(Away());
}

// Another engine has taken the journal over: this one must not take it back, only ask to be ended.
bool Engine::WaitIfSuperseded() {
  std::unique_lock lock(mutex_);
  if (!superseded_) return false;
  lock.unlock();
  hooks_.superseded();
  lock.lock();
  decider_wakes_.wait(lock, [this] { return stopping_; });
  return true;
}

void Engine::AnswerAll(std::vector<Answer>& answers, const absl::Status& status) {
  for (const Answer& answer : answers) answer(status);
  answers.clear();
}

}  // namespace papertape::trade_engine

// The engine: one thread decides, one commits, one answers. The decider applies commands and ticks to the book as they
// come; while the committer writes one batch, the decider gathers the next, so a commit is shared by all that arrived
// during the one before it: no timer, no lost latency. Callers are answered, readers see and events leave only after
// the commit.
//
// If a commit fails its outcome is unknown: everything decided since is dropped, every waiting caller gets UNAVAILABLE,
// and the book is loaded again from the journal, which is also how the engine starts. Ticks are read again from the
// position that was committed with the last effect, so a trigger is never missed and, its trade being closed, never
// fires twice. Commands wait outside until those ticks have been read: nobody trades past a trigger that is due.
//
// Decisions are made at the market's time: the machine's in the live market, that of the last applied entry in a
// session of the past. Where the tape turns to another session, what was decided is committed, and the books of that
// session are loaded as after a crash; those of the one before sleep.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "libs/clock/clock.h"
#include "libs/clock/market_clock.h"
#include "services/trade_engine/domain/book.h"
#include "services/trade_engine/domain/committed_view.h"
#include "services/trade_engine/domain/ports.h"
#include "services/trade_engine/domain/tick_sink.h"

namespace papertape::trade_engine {

// Who asks, and what a repetition means.
struct RequestContext {
  std::int64_t user_id = 0;
  std::string request_id;
  Instant deadline = Instant::max();
  std::string idempotency_key;  // empty: none
  std::string fingerprint;      // of the request, where there is a key
};

class Engine : public TickSink {
 public:
  struct Options {
    std::size_t look_ahead = 4'096;                   // commands decided beyond the last commit, at most
    std::size_t inbox = 65'536;                       // commands waiting, at most
    std::chrono::milliseconds position_every{1'000};  // a quiet market's tick position is committed so often
    std::chrono::milliseconds recover_every{250};     // between attempts to load the book
    bool catch_up = false;                            // after loading, commands are refused until CaughtUp
  };
  struct Hooks {
    std::function<void()> after_commit;  // events may be relayed; runs on the committing thread
    std::function<void()> superseded;    // another engine has taken over: this process is to end
    // The ticks of an entry were applied; on the deciding thread. May be empty.
    std::function<void(const TickEntry&)> after_ticks = {};
    // A corporate action was applied; on the deciding thread, before the commit. May be empty.
    std::function<void(const ActionApplied&)> after_action = {};
  };
  Engine(Options options, BookOptions book, Journal& journal, IdSource& ids, CommittedView& view, const Clock& clock,
         Hooks hooks);
  ~Engine() override;  // stops

  // Loads the book (trying until it can) and begins.
  void Start();
  void Stop();
  // OK while commands are taken.
  [[nodiscard]] absl::Status Ready() const;

  // Decides `command`. `done` is called once, from the engine's threads, after the commit (or with the refusal). With
  // an idempotency key, `encode` turns the result into the bytes to remember, and a repetition gets them through
  // `replay`.
  template <class Command, class Result>
  void Submit(RequestContext context, Command command, std::function<std::string(const Result&)> encode,
              std::function<void(const std::string&)> replay, std::function<void(absl::StatusOr<Result>)> done);

  // The clock of the market whose books are open: what was due up to its time has been decided and committed.
  [[nodiscard]] const MarketClock& market() const { return settled_; }

  // Waits while the engine is far behind.
  void Feed(TickEntry entry) override;
  TickCursor tick_cursor() override;
  // Takes corporate actions that are kept in the journal's database already; never waits, never forgets. They are known
  // before any tick that is fed afterwards.
  void Learn(std::vector<CorporateAction> actions);
  void CaughtUp(std::uint64_t epoch) override;

 private:
  // Answers one caller once the outcome is durable; given an error when it is not.
  using Answer = std::function<void(const absl::Status& committed)>;
  // Decides one command on the book, at the market's time; the answer to give after the commit.
  using Work = std::function<Answer(Book&, Batch&, Timestamp now)>;
  struct Batches {
    Batch batch;
    std::vector<Answer> answers;
  };
  // A batch whose commit has ended, one way or the other.
  struct Outcome {
    Batches batches;
    absl::Status status;
  };
  struct Inbox {
    std::vector<std::pair<Work, Answer>> commands;  // the second answers when the first is never run
    std::vector<TickEntry> ticks;
    std::vector<CorporateAction> actions;
    bool caught_up = false;  // no tick from before the recovery is still to come after these
  };

  void Enqueue(Work work, Answer refuse);
  void DecideLoop();
  void CommitLoop();
  void AnswerLoop();
  bool Load();
  // Of an entry that the books have applied already: its prices are counted again. False: the books go on with it.
  bool CountAgain(const TickEntry& entry);
  std::string BeginRecount(const std::string& kept, bool slept);
  absl::StatusOr<Snapshot> OpenBooks();
  void DropUndecided();
  void CommitAll(std::unique_lock<std::mutex>& lock);
  bool WaitIfSuperseded();
  void DecideInbox(Inbox inbox);
  void TellApplied();
  void HandOver(std::unique_lock<std::mutex>& lock);
  [[nodiscard]] bool WantsCommit(Timestamp now) const;
  static void AnswerAll(std::vector<Answer>& answers, const absl::Status& status);
  template <class Command, class Result>
  static Work MakeWork(RequestContext context, Command command, std::function<std::string(const Result&)> encode,
                       std::function<void(const std::string&)> replay, std::function<void(absl::StatusOr<Result>)> done,
                       const Clock& machine);

  const Options options_;
  Journal& journal_;
  CommittedView& view_;
  const Clock& clock_;
  const Hooks hooks_;

  Book book_;          // the decider's own
  Batches gathering_;  // the decider's own
  TapePosition position_;
  std::optional<TapePosition> turn_to_;  // the tape has turned to another session
  MarketClock market_;                   // at which is decided
  MarketClock settled_;                  // up to where everything is committed
  // Prices up to here are counted again for the excursions of open trades, in whose time the books stood still.
  struct Recount {
    std::string from, to;  // entries of the tape; empty: nothing to do
    std::string seen;      // the newest that was met
    bool began = false;    // with the entry `from`: nothing before it is missing
  };
  Recount recount_;
  Timestamp extremes_kept_at_;
  Timestamp position_committed_at_;

  mutable std::mutex mutex_;
  std::condition_variable decider_wakes_, committer_wakes_, answerer_wakes_, feeder_wakes_;
  Inbox inbox_;
  Batches committing_;
  std::vector<Outcome> outcomes_;
  bool last_outcome_known_ = false;  // the committer has ended
  bool commit_running_ = false;
  bool commit_failed_ = false;
  bool superseded_ = false;
  bool running_ = false;  // loaded and taking ticks
  bool behind_ = true;    // ticks from before the recovery are still to come
  bool stopping_ = false;
  TickCursor cursor_;
  std::thread decider_, committer_, answerer_;
};

}  // namespace papertape::trade_engine

#include "services/trade_engine/domain/engine_submit.h"

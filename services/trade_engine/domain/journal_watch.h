// Watches the stops and targets of written trades on the tape and tells of each once; it executes nothing. It follows
// the tape beside the engine, from a position of its own that commits with what it told: after a crash the ticks are
// read again from there, and a trade that has told of a level is not watched until its levels are set anew.
//
// What is learned here was committed before. A trade that was changed meanwhile is no longer what was watched: the
// store leaves such an alert out. Where a commit fails, its outcome is unknown: what is watched is loaded again.
// Thread-safe.
#pragma once

#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "absl/status/statusor.h"
#include "libs/clock/clock.h"
#include "libs/clock/market_clock.h"
#include "services/trade_engine/domain/tick_sink.h"
#include "services/trade_engine/domain/trading_journal.h"
#include "services/trade_engine/domain/trigger_index.h"

namespace papertape::trade_engine {

// A level of a written trade was reached.
struct JournalAlert {
  JournalEntry entry;  // as it was watched
  ExitReason level = ExitReason::kStopLoss;
  Price price;   // the last price that reached it
  Timestamp at;  // when it was seen, by the market's clock
};

// What is watched in one session of the market.
struct WatchStart {
  TapePosition position;
  std::vector<JournalEntry> watched;
};

// One writer: taking over makes the next commit of any older one fail.
class WatchStore {
 public:
  virtual ~WatchStore() = default;
  virtual absl::StatusOr<WatchStart> TakeOver() = 0;
  // The same for the session that `position` names, which is read on from there.
  virtual absl::StatusOr<WatchStart> TurnTo(const TapePosition& position) = 0;
  // The position, and the alerts of trades that are still watched as they were, with their events. ABORTED when another
  // writer has taken over. After any other error the outcome is unknown: take over again.
  virtual absl::Status Commit(const TapePosition& position, const std::vector<JournalAlert>& alerts) = 0;
};

class JournalWatch : public TickSink {
 public:
  struct Options {
    std::chrono::milliseconds position_every{1'000};  // where nothing is told, the position is committed so often
    std::chrono::milliseconds recover_every{250};     // between attempts to load
  };
  // `told` is called after a commit with alerts. Everything outlives this.
  JournalWatch(Options options, WatchStore& store, const Clock& clock, std::function<void()> told)
      : options_(options), store_(store), clock_(clock), told_(std::move(told)), market_(clock) {}

  // The trade as it was committed: watched from now on as it is, or no longer. What is older than what is known is
  // passed over, and so is another session's.
  void Learn(std::int64_t session, const JournalEntry& entry);
  void Forget(const std::string& trade_id);

  // Loads what is to be loaded.
  TickCursor tick_cursor() override;
  // Commits what the entry sets off before it returns.
  void Feed(TickEntry entry) override;
  void CaughtUp(std::uint64_t) override {}

  // The market's clock, as far as the tape has been followed.
  [[nodiscard]] const Clock& market() const { return market_; }
  [[nodiscard]] std::size_t watched() const;
  // OK while it follows the tape: the readiness probe.
  [[nodiscard]] absl::Status Health() const;

 private:
  using Slot = TriggerIndex::Slot;

  void Load();
  void Restore(const WatchStart& start);
  void Watch(const JournalEntry& entry);
  void Drop(const std::string& trade_id);
  void Arm(Slot slot);
  void Cross(const Quote& quote, std::vector<JournalAlert>& alerts);
  void Commit(const std::vector<JournalAlert>& alerts);

  const Options options_;
  WatchStore& store_;
  const Clock& clock_;
  const std::function<void()> told_;

  MarketClock market_;
  mutable std::mutex mutex_;
  absl::Status health_ = absl::UnavailableError("not loaded yet");
  bool loaded_ = false;
  bool superseded_ = false;
  std::optional<TapePosition> turn_to_;
  Instant load_at_{};
  TickCursor cursor_;
  TapePosition position_;
  Instant committed_at_{};
  TriggerIndex triggers_;
  std::vector<JournalEntry> entries_;  // by slot
  std::vector<Slot> free_slots_;
  std::unordered_map<std::string, Slot> slot_of_;
  std::unordered_map<std::string, TriggerIndex::SymbolId> symbol_ids_;
  std::vector<Slot> fired_;  // reused by Cross
};

}  // namespace papertape::trade_engine

// A journal in memory that can be made to fail, to hang and to lose the race with another engine. Thread-safe.
#pragma once

#include <condition_variable>
#include <map>
#include <mutex>
#include <utility>

#include "services/trade_engine/domain/ports.h"

namespace papertape::trade_engine {

class MemoryJournal : public Journal {
 public:
  absl::StatusOr<Snapshot> TakeOver() override {
    const std::lock_guard lock(mutex_);
    if (takeovers_to_fail_ > 0) {
      --takeovers_to_fail_;
      return absl::UnavailableError("away");
    }
    ++takeovers_;
    return Load();
  }

  absl::StatusOr<Snapshot> TurnTo(const TapePosition& position) override {
    const std::lock_guard lock(mutex_);
    if (!next_turn_failure_.ok()) return std::exchange(next_turn_failure_, absl::OkStatus());
    position_ = position;
    return Load();
  }

  absl::Status Commit(const Batch& batch) override {
    std::unique_lock lock(mutex_);
    ++commits_begun_;
    changed_.notify_all();
    changed_.wait(lock, [this] { return !held_; });
    if (!next_failure_.ok()) return std::exchange(next_failure_, absl::OkStatus());
    Books& books = books_[batch.tick_position().session];
    for (const Account& account : batch.accounts().made()) books.accounts[account.user_id] = account;
    for (const Account& account : batch.accounts().changed()) books.accounts.at(account.user_id) = account;
    for (const Trade& trade : batch.trades().made()) books.trades[trade.trade_id] = trade;
    for (const Trade& trade : batch.trades().changed()) books.trades.at(trade.trade_id) = trade;
    if (batch.extremes()) Keep(*batch.extremes(), batch.tick_position().entry, books.extremes);
    closed_ways_.insert(closed_ways_.end(), batch.closed_ways().begin(), batch.closed_ways().end());
    books.replies.insert(books.replies.end(), batch.replies().begin(), batch.replies().end());
    for (const ActionMark& mark : batch.action_marks()) {
      for (KeptAction& kept : actions_) {
        if (IdOf(kept.action) == mark.action_id) kept.applied = true;
      }
    }
    adjustments_.insert(adjustments_.end(), batch.adjustments().begin(), batch.adjustments().end());
    orders_.insert(orders_.end(), batch.orders().begin(), batch.orders().end());
    transfers_.insert(transfers_.end(), batch.transfers().begin(), batch.transfers().end());
    events_.insert(events_.end(), batch.events().begin(), batch.events().end());
    position_ = batch.tick_position();
    ++commits_;
    changed_.notify_all();
    return absl::OkStatus();
  }

  // As the feed of market events does, before the engine is told.
  void Keep(const CorporateAction& action) {
    const std::lock_guard lock(mutex_);
    actions_.push_back({.action = action});
  }

  // Commits begin but do not end until Release.
  void Hold() {
    const std::lock_guard lock(mutex_);
    held_ = true;
  }
  void Release() {
    const std::lock_guard lock(mutex_);
    held_ = false;
    changed_.notify_all();
  }
  void WaitForCommitToBegin(int count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return commits_begun_ >= count; });
  }
  void FailNextCommit(absl::Status why, int takeovers_to_fail = 0) {
    const std::lock_guard lock(mutex_);
    next_failure_ = std::move(why);
    takeovers_to_fail_ = takeovers_to_fail;
  }

  void FailNextTurn(absl::Status why) {
    const std::lock_guard lock(mutex_);
    next_turn_failure_ = std::move(why);
  }

  [[nodiscard]] int commits() const { return Locked(commits_); }
  [[nodiscard]] int takeovers() const { return Locked(takeovers_); }
  [[nodiscard]] std::string position() const { return Locked(position_).entry; }
  [[nodiscard]] TapePosition tape_position() const { return Locked(position_); }
  [[nodiscard]] std::vector<Order> orders() const { return Locked(orders_); }
  [[nodiscard]] std::vector<ClosedWay> closed_ways() const { return Locked(closed_ways_); }
  [[nodiscard]] std::vector<Event> events() const { return Locked(events_); }
  [[nodiscard]] std::vector<Adjustment> adjustments() const { return Locked(adjustments_); }
  [[nodiscard]] std::vector<Transfer> transfers() const { return Locked(transfers_); }
  [[nodiscard]] std::map<std::int64_t, Account> accounts(std::int64_t session = 0) const {
    return BooksOf(session).accounts;
  }
  [[nodiscard]] std::vector<RememberedReply> replies(std::int64_t session = 0) const {
    return BooksOf(session).replies;
  }
  [[nodiscard]] std::map<std::string, Trade> trades(std::int64_t session = 0) const { return BooksOf(session).trades; }

 private:
  // What a session of the market keeps to itself.
  struct Books {
    std::map<std::int64_t, Account> accounts;
    std::map<std::string, Trade> trades;
    std::vector<RememberedReply> replies;
    KeptExtremes extremes;
  };

  static void Keep(const ExtremesChange& change, const std::string& position, KeptExtremes& kept) {
    kept.position = position;
    kept.newest_trade_id = change.newest_trade_id;
    kept.gap_trade_id = change.gap_trade_id;
    for (const SymbolExtremes& extremes : change.symbols) {
      std::erase_if(kept.symbols, [&](const SymbolExtremes& old) { return old.symbol == extremes.symbol; });
      if (!extremes.highs.empty()) kept.symbols.push_back(extremes);
    }
  }

  [[nodiscard]] Snapshot Load() {
    const Books& books = books_[position_.session];
    Snapshot snapshot{.replies = books.replies, .extremes = books.extremes, .tick_position = position_};
    for (const auto& [id, account] : books.accounts) snapshot.accounts.push_back(account);
    for (const auto& [id, trade] : books.trades) {
      if (trade.status == TradeStatus::kActive) snapshot.active_trades.push_back(trade);
    }
    snapshot.actions = actions_;
    return snapshot;
  }
  [[nodiscard]] Books BooksOf(std::int64_t session) const {
    const std::lock_guard lock(mutex_);
    const auto found = books_.find(session);
    return found == books_.end() ? Books() : found->second;
  }
  template <class T>
  T Locked(const T& value) const {
    const std::lock_guard lock(mutex_);
    return value;
  }

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool held_ = false;
  int commits_ = 0, commits_begun_ = 0, takeovers_ = 0, takeovers_to_fail_ = 0;
  absl::Status next_failure_, next_turn_failure_;
  std::map<std::int64_t, Books> books_;  // by session
  std::vector<ClosedWay> closed_ways_;
  std::vector<Order> orders_;
  std::vector<Transfer> transfers_;
  std::vector<KeptAction> actions_;
  std::vector<Adjustment> adjustments_;
  std::vector<Event> events_;
  TapePosition position_;
};

}  // namespace papertape::trade_engine

// A journal in memory that can be made to fail, to hang and to lose the race with another engine. Thread-safe.
#pragma once

#include <condition_variable>
#include <map>
#include <mutex>

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
    Snapshot snapshot{.tick_position = position_};
    for (const auto& [id, account] : accounts_) snapshot.accounts.push_back(account);
    for (const auto& [id, trade] : trades_) {
      if (trade.status == TradeStatus::kActive) snapshot.active_trades.push_back(trade);
    }
    snapshot.replies = replies_;
    return snapshot;
  }

  absl::Status Commit(const Batch& batch) override {
    std::unique_lock lock(mutex_);
    ++commits_begun_;
    changed_.notify_all();
    changed_.wait(lock, [this] { return !held_; });
    if (!next_failure_.ok()) return std::exchange(next_failure_, absl::OkStatus());
    for (const Account& account : batch.accounts().made()) accounts_[account.user_id] = account;
    for (const Account& account : batch.accounts().changed()) accounts_.at(account.user_id) = account;
    for (const Trade& trade : batch.trades().made()) trades_[trade.trade_id] = trade;
    for (const Trade& trade : batch.trades().changed()) trades_.at(trade.trade_id) = trade;
    orders_.insert(orders_.end(), batch.orders().begin(), batch.orders().end());
    transfers_.insert(transfers_.end(), batch.transfers().begin(), batch.transfers().end());
    events_.insert(events_.end(), batch.events().begin(), batch.events().end());
    replies_.insert(replies_.end(), batch.replies().begin(), batch.replies().end());
    position_ = batch.tick_position();
    ++commits_;
    changed_.notify_all();
    return absl::OkStatus();
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

  [[nodiscard]] int commits() const { return Locked(commits_); }
  [[nodiscard]] int takeovers() const { return Locked(takeovers_); }
  [[nodiscard]] std::string position() const { return Locked(position_); }
  [[nodiscard]] std::vector<Order> orders() const { return Locked(orders_); }
  [[nodiscard]] std::vector<Event> events() const { return Locked(events_); }
  [[nodiscard]] std::vector<Transfer> transfers() const { return Locked(transfers_); }
  [[nodiscard]] std::map<std::int64_t, Account> accounts() const { return Locked(accounts_); }
  [[nodiscard]] std::map<std::string, Trade> trades() const { return Locked(trades_); }

 private:
  template <class T>
  T Locked(const T& value) const {
    const std::lock_guard lock(mutex_);
    return value;
  }

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool held_ = false;
  int commits_ = 0, commits_begun_ = 0, takeovers_ = 0, takeovers_to_fail_ = 0;
  absl::Status next_failure_;
  std::map<std::int64_t, Account> accounts_;
  std::map<std::string, Trade> trades_;
  std::vector<Order> orders_;
  std::vector<Transfer> transfers_;
  std::vector<Event> events_;
  std::vector<RememberedReply> replies_;
  std::string position_;
};

}  // namespace papertape::trade_engine

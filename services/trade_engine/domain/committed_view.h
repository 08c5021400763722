// What readers see: accounts and active trades as of the last commit, and the newest quote of each symbol. The engine
// publishes into it after each commit, so nobody is ever told what a crash could take back. Thread-safe.
#pragma once

#include <array>
#include <atomic>
#include <map>
#include <optional>
#include <shared_mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "services/trade_engine/domain/batch.h"
#include "services/trade_engine/domain/book.h"

namespace papertape::trade_engine {

class CommittedView {
 public:
  // Starts over from what a take-over loaded.
  void Reset(const Snapshot& snapshot);
  void Publish(const Batch& batch);
  // Newer quotes only, of a symbol and source.
  void PublishQuotes(const std::vector<Quote>& quotes);
  // Quotes of `symbol` from before `time` are of before its split: no price any more.
  void VoidQuotes(const std::string& symbol, Timestamp time);

  // The session of the market that all of it belongs to; 0 is the live one.
  [[nodiscard]] std::int64_t session() const { return session_; }
  [[nodiscard]] std::optional<Account> FindAccount(std::int64_t user_id) const;
  // Ascending by trade id.
  [[nodiscard]] std::vector<Trade> ActiveTrades(std::int64_t user_id) const;
  [[nodiscard]] std::optional<Trade> FindActiveTrade(std::int64_t user_id, const std::string& trade_id) const;
  [[nodiscard]] std::optional<Quote> FindQuote(const std::string& symbol) const;

 private:
  static constexpr std::size_t kShards = 64;
  struct Entry {
    std::optional<Account> account;
    std::map<std::string, Trade> active;
  };
  struct Shard {
    mutable std::shared_mutex mutex;
    std::unordered_map<std::int64_t, Entry> entries;
  };
  void Publish(const Trade& trade);
  void Publish(const Account& account);
  [[nodiscard]] Shard& ShardOf(std::int64_t user_id) { return shards_[static_cast<std::size_t>(user_id) % kShards]; }
  [[nodiscard]] const Shard& ShardOf(std::int64_t user_id) const {
    return shards_[static_cast<std::size_t>(user_id) % kShards];
  }

  std::atomic<std::int64_t> session_{0};
  std::array<Shard, kShards> shards_;
  mutable std::shared_mutex quotes_mutex_;
  QuoteMap quotes_;
  std::unordered_map<std::string, Timestamp> valid_from_;  // by symbol
};

// Profit and loss of an active trade at `last`; 0 when the product leaves the exact range.
Money UnrealizedPnl(const Trade& trade, Price last);

// A user's results, from committed figures and the newest quotes.
struct Performance {
  Account account;
  Money active_pnl;
  std::int64_t active_trades = 0;
};
// PORTFOLIO_NOT_FOUND before the account was opened.
absl::StatusOr<Performance> PerformanceOf(const CommittedView& view, std::int64_t user_id);

}  // namespace papertape::trade_engine

#include "services/trade_engine/domain/committed_view.h"

#include <algorithm>
#include <mutex>

#include "libs/status/status.h"
#include "services/trade_engine/domain/execution.h"

namespace papertape::trade_engine {

void CommittedView::Reset(const Snapshot& snapshot) {
  if (session_.exchange(snapshot.tick_position.session) != snapshot.tick_position.session) {
    const std::unique_lock lock(quotes_mutex_);
    quotes_.clear();
    valid_from_.clear();
  }
  for (Shard& shard : shards_) {
    const std::unique_lock lock(shard.mutex);
    shard.entries.clear();
  }
  for (const Account& account : snapshot.accounts) {
    Shard& shard = ShardOf(account.user_id);
    const std::unique_lock lock(shard.mutex);
    shard.entries[account.user_id].account = account;
  }
  for (const Trade& trade : snapshot.active_trades) {
    Shard& shard = ShardOf(trade.user_id);
    const std::unique_lock lock(shard.mutex);
    shard.entries[trade.user_id].active[trade.trade_id] = trade;
  }
}

void CommittedView::Publish(const Batch& batch) {
  for (const Trade& trade : batch.trades().made()) Publish(trade);
  for (const Trade& trade : batch.trades().changed()) Publish(trade);
  for (const Account& account : batch.accounts().made()) Publish(account);
  for (const Account& account : batch.accounts().changed()) Publish(account);
}

void CommittedView::Publish(const Trade& trade) {
  Shard& shard = ShardOf(trade.user_id);
  const std::unique_lock lock(shard.mutex);
  auto& active = shard.entries[trade.user_id].active;
  if (trade.status == TradeStatus::kActive) {
    // The newest trade has the highest id.
    active.insert_or_assign(active.end(), trade.trade_id, trade);
  } else {
    active.erase(trade.trade_id);
  }
}

void CommittedView::Publish(const Account& account) {
  Shard& shard = ShardOf(account.user_id);
  const std::unique_lock lock(shard.mutex);
  shard.entries[account.user_id].account = account;
}

void CommittedView::PublishQuotes(const std::vector<Quote>& quotes) {
  const std::unique_lock lock(quotes_mutex_);
  for (const Quote& quote : quotes) {
    if (!valid_from_.empty()) {
      const auto split = valid_from_.find(quote.symbol);
      if (split != valid_from_.end() && quote.time < split->second) continue;
    }
    Quote& known = quotes_[quote.symbol];
    if (known.symbol.empty() || known.time <= quote.time || known.source != quote.source) known = quote;
  }
}

void CommittedView::VoidQuotes(const std::string& symbol, Timestamp time) {
  const std::unique_lock lock(quotes_mutex_);
  Timestamp& valid_from = valid_from_[symbol];
  valid_from = std::max(valid_from, time);
  const auto known = quotes_.find(symbol);
  if (known != quotes_.end() && known->second.time < time) quotes_.erase(known);
}

std::optional<Account> CommittedView::FindAccount(std::int64_t user_id) const {
  const Shard& shard = ShardOf(user_id);
  const std::shared_lock lock(shard.mutex);
  const auto found = shard.entries.find(user_id);
  return found == shard.entries.end() ? std::nullopt : found->second.account;
}

std::vector<Trade> CommittedView::ActiveTrades(std::int64_t user_id) const {
  const Shard& shard = ShardOf(user_id);
  const std::shared_lock lock(shard.mutex);
  std::vector<Trade> trades;
  const auto found = shard.entries.find(user_id);
  if (found == shard.entries.end()) return trades;
  trades.reserve(found->second.active.size());
  for (const auto& [trade_id, trade] : found->second.active) trades.push_back(trade);
  return trades;
}

std::optional<Trade> CommittedView::FindActiveTrade(std::int64_t user_id, const std::string& trade_id) const {
  const Shard& shard = ShardOf(user_id);
  const std::shared_lock lock(shard.mutex);
  const auto found = shard.entries.find(user_id);
  if (found == shard.entries.end()) return std::nullopt;
  const auto trade = found->second.active.find(trade_id);
  if (trade == found->second.active.end()) return std::nullopt;
  return trade->second;
}

std::optional<Quote> CommittedView::FindQuote(const std::string& symbol) const {
  const std::shared_lock lock(quotes_mutex_);
  const auto found = quotes_.find(symbol);
  if (found == quotes_.end()) return std::nullopt;
  return found->second;
}

Money UnrealizedPnl(const Trade& trade, Price last) {
  return ProfitBetween(trade.side, trade.entry_price, last, trade.quantity).value_or(Money());
}

absl::StatusOr<Performance> PerformanceOf(const CommittedView& view, std::int64_t user_id) {
  const std::optional<Account> account = view.FindAccount(user_id);
  if (!account) return Error(Reason::kPORTFOLIO_NOT_FOUND);
  Performance performance{.account = *account};
  for (const Trade& trade : view.ActiveTrades(user_id)) {
    ++performance.active_trades;
    const std::optional<Quote> quote = view.FindQuote(trade.symbol);
    if (!quote) continue;
    PT_ASSIGN_OR_RETURN(performance.active_pnl, Add(performance.active_pnl, UnrealizedPnl(trade, quote->last)));
  }
  return performance;
}

}  // namespace papertape::trade_engine

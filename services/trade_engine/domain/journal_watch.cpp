#include "services/trade_engine/domain/journal_watch.h"

#include <algorithm>
#include <utility>

#include "libs/status/status.h"
#include "services/trade_engine/domain/execution.h"

namespace papertape::trade_engine {

void JournalWatch::Learn(std::int64_t session, const JournalEntry& entry) {
  const std::lock_guard lock(mutex_);
  // What is not loaded yet will be read with this in it.
  if (!loaded_ || session != position_.session) return;
  const auto known = slot_of_.find(entry.trade.trade_id);
  if (known != slot_of_.end() && entries_[known->second].watch > entry.watch) return;
  Drop(entry.trade.trade_id);
  Watch(entry);
}

void JournalWatch::Forget(const std::string& trade_id) {
  const std::lock_guard lock(mutex_);
  Drop(trade_id);
}

TickCursor JournalWatch::tick_cursor() {
  const std::lock_guard lock(mutex_);
  if (!loaded_ && !superseded_ && clock_.Steady() >= load_at_) Load();
  return cursor_;
}

void JournalWatch::Load() {
  absl::StatusOr<WatchStart> start =
      turn_to_ ? store_.TurnTo(*std::exchange(turn_to_, std::nullopt)) : store_.TakeOver();
  health_ = start.status();
  superseded_ = absl::IsAborted(start.status());
  load_at_ = clock_.Steady() + options_.recover_every;
  if (start.ok()) Restore(*start);
}

void JournalWatch::Restore(const WatchStart& start) {
  triggers_ = TriggerIndex();
  entries_.clear();
  free_slots_.clear();
  slot_of_.clear();
  for (const JournalEntry& entry : start.watched) Watch(entry);
  position_ = start.position;
  market_.Follow(position_.clock_micros);
  cursor_ = {.epoch = cursor_.epoch + 1, .position = position_.entry};
  committed_at_ = clock_.Steady();
  loaded_ = true;
}

void JournalWatch::Watch(const JournalEntry& entry) {
  const Trade& trade = entry.trade;
  const bool has_level = trade.stop_loss || trade.target_price;
  if (entry.kind != TradeKind::kJournal || trade.closed_at || entry.alerted_at || !has_level) return;
  auto slot = static_cast<Slot>(entries_.size());
  if (free_slots_.empty()) {
    entries_.emplace_back();
  } else {
    slot = free_slots_.back();
    free_slots_.pop_back();
  }
  entries_[slot] = entry;
  slot_of_[trade.trade_id] = slot;
  Arm(slot);
}

void JournalWatch::Drop(const std::string& trade_id) {
  const auto found = slot_of_.find(trade_id);
  if (found == slot_of_.end()) return;
  triggers_.Disarm(found->second);
  entries_[found->second] = {};
  free_slots_.push_back(found->second);
  slot_of_.erase(found);
}

void JournalWatch::Arm(Slot slot) {
  const Trade& trade = entries_[slot].trade;
  const auto symbol =
      symbol_ids_.try_emplace(trade.symbol, static_cast<TriggerIndex::SymbolId>(symbol_ids_.size())).first->second;
  const bool is_long = trade.side == Side::kBuy;
  triggers_.Arm(symbol, slot, is_long ? trade.stop_loss : trade.target_price,
                is_long ? trade.target_price : trade.stop_loss);
}

void JournalWatch::Feed(TickEntry entry) {
  bool told = false;
  {
    const std::lock_guard lock(mutex_);
    if (!loaded_ || entry.epoch != cursor_.epoch) return;
    if (entry.position.session != position_.session) {
      // Read again, by those who are watched in its session.
      turn_to_ = std::move(entry.position);
      turn_to_->entry = position_.entry;
      loaded_ = false;
      load_at_ = {};
      return;
    }
    market_.Follow(entry.position.clock_micros);
    std::vector<JournalAlert> alerts;
    for (const Quote& quote : entry.quotes) Cross(quote, alerts);
    position_ = std::move(entry.position);
    if (!alerts.empty() || clock_.Steady() - committed_at_ >= options_.position_every) Commit(alerts);
    told = loaded_ && !alerts.empty();
  }
  if (told && told_) told_();
}

void JournalWatch::Cross(const Quote& quote, std::vector<JournalAlert>& alerts) {
  const auto symbol = symbol_ids_.find(quote.symbol);
  if (symbol == symbol_ids_.end()) return;
  fired_.clear();
  triggers_.Cross(symbol->second, quote.last, fired_);
  // Slots are reused; ids tell the order in which the trades were written down, before and after a recovery.
  std::sort(fired_.begin(), fired_.end(),
            [this](Slot a, Slot b) { return entries_[a].trade.trade_id < entries_[b].trade.trade_id; });
  for (const Slot slot : fired_) {
    const JournalEntry& entry = entries_[slot];
    if (quote.time < entry.armed_at) {
      Arm(slot);
      continue;
    }
    const Trade& trade = entry.trade;
    const bool stop = trade.stop_loss && StopCrossed(trade.side, *trade.stop_loss, quote.last);
    alerts.push_back({.entry = entry,
                      .level = stop ? ExitReason::kStopLoss : ExitReason::kTargetPrice,
                      .price = quote.last,
                      .at = market_.Now()});
    Drop(std::string(trade.trade_id));
  }
}

void JournalWatch::Commit(const std::vector<JournalAlert>& alerts) {
  health_ = store_.Commit(position_, alerts);
  committed_at_ = clock_.Steady();
  superseded_ = absl::IsAborted(health_);
  loaded_ = health_.ok();
}

std::size_t JournalWatch::watched() const {
  const std::lock_guard lock(mutex_);
  return slot_of_.size();
}

absl::Status JournalWatch::Health() const {
  const std::lock_guard lock(mutex_);
  return health_;
}

}  // namespace papertape::trade_engine

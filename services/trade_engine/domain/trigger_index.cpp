#include "services/trade_engine/domain/trigger_index.h"

#include <algorithm>

namespace papertape::trade_engine {
namespace {

constexpr auto kByLevel = [](const auto& a, const auto& b) { return a.level < b.level; };

}  // namespace

void TriggerIndex::Arm(SymbolId symbol, Slot slot, std::optional<Price> falls_to, std::optional<Price> rises_to) {
  if (symbol >= best_.size()) {
    best_.resize(symbol + 1);
    heaps_.resize(symbol + 1);
  }
  if (slot >= generations_.size()) generations_.resize(slot + 1);
  const std::uint32_t generation = ++generations_[slot];
  if (falls_to) Push(heaps_[symbol].falling, {falls_to->micros(), slot, generation});
  if (rises_to) Push(heaps_[symbol].rising, {-rises_to->micros(), slot, generation});
  RefreshBest(symbol);
}

void TriggerIndex::Disarm(Slot slot) {
  if (slot < generations_.size()) ++generations_[slot];
}

void TriggerIndex::Fire(SymbolId symbol, std::int64_t last, std::vector<Slot>& fired) {
  const auto first = static_cast<std::ptrdiff_t>(fired.size());
  PopCrossed(heaps_[symbol].falling, last, fired);
  PopCrossed(heaps_[symbol].rising, -last, fired);
  std::sort(fired.begin() + first, fired.end());
  fired.erase(std::unique(fired.begin() + first, fired.end()), fired.end());
  std::for_each(fired.begin() + first, fired.end(), [this](Slot slot) { Disarm(slot); });
  RefreshBest(symbol);
}

void TriggerIndex::PopCrossed(Heap& heap, std::int64_t level, std::vector<Slot>& fired) {
  while (!heap.empty() && heap.front().level >= level) {
    if (IsLive(heap.front())) fired.push_back(heap.front().slot);
    std::pop_heap(heap.begin(), heap.end(), kByLevel);
    heap.pop_back();
  }
}

void TriggerIndex::Push(Heap& heap, const Entry& entry) {
  // Before the heap would grow, the cancelled entries go, so that memory follows the live triggers.
  if (heap.size() == heap.capacity() && heap.size() >= 64) {
    std::erase_if(heap, [this](const Entry& old) { return !IsLive(old); });
    std::make_heap(heap.begin(), heap.end(), kByLevel);
    if (heap.size() * 2 > heap.capacity()) heap.reserve(heap.capacity() * 2);
  }
  heap.push_back(entry);
  std::push_heap(heap.begin(), heap.end(), kByLevel);
}

void TriggerIndex::DropStaleTop(Heap& heap) const {
  while (!heap.empty() && !IsLive(heap.front())) {
    std::pop_heap(heap.begin(), heap.end(), kByLevel);
    heap.pop_back();
  }
}

void TriggerIndex::RefreshBest(SymbolId symbol) {
  Heaps& heaps = heaps_[symbol];
  DropStaleTop(heaps.falling);
  DropStaleTop(heaps.rising);
  Best best;
  if (!heaps.falling.empty()) best.falls_to = heaps.falling.front().level;
  if (!heaps.rising.empty()) best.rises_to = -heaps.rising.front().level;
  best_[symbol] = best;
}

}  // namespace papertape::trade_engine

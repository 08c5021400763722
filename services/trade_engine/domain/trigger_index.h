// Which trades a tick fires, without looking at the others: for each symbol a heap of levels below the price and a heap
// of levels above it, and one array of the best level of each. Cancelling is lazy: an entry whose generation is not its
// slot's is passed over when it surfaces. A tick that fires nothing costs two comparisons, whatever the number of
// triggers. Not thread-safe.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "libs/money/money.h"

namespace papertape::trade_engine {

class TriggerIndex {
 public:
  using SymbolId = std::uint32_t;  // dense, from 0
  using Slot = std::uint32_t;      // the caller's number for a trade, dense, reusable after Disarm

  // Fires `slot` when the price of `symbol` is at or below `falls_to`, or at or above `rises_to`. Replaces what was
  // armed.
  void Arm(SymbolId symbol, Slot slot, std::optional<Price> falls_to, std::optional<Price> rises_to);
  void Disarm(Slot slot);

  // Appends the slots that `last` fires, each once, and disarms them.
  void Cross(SymbolId symbol, Price last, std::vector<Slot>& fired) {
    if (symbol >= best_.size()) return;
    const Best& best = best_[symbol];
    if (last.micros() > best.falls_to && last.micros() < best.rises_to) return;
    Fire(symbol, last.micros(), fired);
  }

 private:
  // The level is negated in the rising heap, so that both are max-heaps of the same order.
  struct Entry {
    std::int64_t level;
    Slot slot;
    std::uint32_t generation;
  };
  using Heap = std::vector<Entry>;
  struct Best {
    std::int64_t falls_to = std::numeric_limits<std::int64_t>::min();
    std::int64_t rises_to = std::numeric_limits<std::int64_t>::max();
  };
  struct Heaps {
    Heap falling;
    Heap rising;
  };

  void Fire(SymbolId symbol, std::int64_t last, std::vector<Slot>& fired);
  void PopCrossed(Heap& heap, std::int64_t level, std::vector<Slot>& fired);
  void Push(Heap& heap, const Entry& entry);
  void DropStaleTop(Heap& heap) const;
  void RefreshBest(SymbolId symbol);
  [[nodiscard]] bool IsLive(const Entry& entry) const { return generations_[entry.slot] == entry.generation; }

  std::vector<Best> best_;
  std::vector<Heaps> heaps_;
  std::vector<std::uint32_t> generations_;  // by slot
};

}  // namespace papertape::trade_engine

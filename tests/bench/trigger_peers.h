// What TriggerIndex is measured beside: the two ways to find crossed levels that first come to mind. Same interface and
// same answers as TriggerIndex. Not thread-safe.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "services/trade_engine/domain/trigger_index.h"

namespace papertape::bench {

using Slot = trade_engine::TriggerIndex::Slot;
using SymbolId = trade_engine::TriggerIndex::SymbolId;

// Looks at every trigger of the symbol.
class ScanIndex {
 public:
  void Arm(SymbolId symbol, Slot slot, std::optional<Price> falls_to, std::optional<Price> rises_to) {
    Disarm(slot);
    if (symbol >= rows_.size()) rows_.resize(symbol + 1);
    if (slot >= places_.size()) places_.resize(slot + 1);
    places_[slot] = {symbol, rows_[symbol].size(), true};
    rows_[symbol].push_back(
        {falls_to ? falls_to->micros() : INT64_MIN, rises_to ? rises_to->micros() : INT64_MAX, slot});
  }
  void Disarm(Slot slot) {
    if (slot >= places_.size() || !places_[slot].armed) return;
    Place& place = places_[slot];
    std::vector<Row>& rows = rows_[place.symbol];
    rows[place.row] = rows.back();
    places_[rows[place.row].slot].row = place.row;
    rows.pop_back();
    place.armed = false;
  }
  void Cross(SymbolId symbol, Price last, std::vector<Slot>& fired) {
    if (symbol >= rows_.size()) return;
    const std::size_t first = fired.size();
    for (const Row& row : rows_[symbol]) {
      if (last.micros() <= row.falls_to || last.micros() >= row.rises_to) fired.push_back(row.slot);
    }
    for (std::size_t i = first; i < fired.size(); ++i) Disarm(fired[i]);
  }

 private:
  struct Row {
    std::int64_t falls_to, rises_to;
    Slot slot;
  };
  struct Place {
    SymbolId symbol;
    std::size_t row;
    bool armed;
  };
  std::vector<std::vector<Row>> rows_;  // by symbol
  std::vector<Place> places_;           // by slot
};

// One std::multimap for each symbol and side, the best level first.
class MultimapIndex {
 public:
  void Arm(SymbolId symbol, Slot slot, std::optional<Price> falls_to, std::optional<Price> rises_to) {
    Disarm(slot);
    if (symbol >= falling_.size()) {
      falling_.resize(symbol + 1);
      rising_.resize(symbol + 1);
    }
    if (slot >= places_.size()) places_.resize(slot + 1);
    Place& place = places_[slot];
    place.symbol = symbol;
    if (falls_to) place.falling = falling_[symbol].emplace(-falls_to->micros(), slot);
    if (rises_to) place.rising = rising_[symbol].emplace(rises_to->micros(), slot);
  }
  void Disarm(Slot slot) {
    if (slot >= places_.size()) return;
    Place& place = places_[slot];
    if (place.falling) falling_[place.symbol].erase(*place.falling);
    if (place.rising) rising_[place.symbol].erase(*place.rising);
    place.falling.reset();
    place.rising.reset();
  }
  void Cross(SymbolId symbol, Price last, std::vector<Slot>& fired) {
    if (symbol >= falling_.size()) return;
    FireFrom(falling_[symbol], -last.micros(), fired);
    FireFrom(rising_[symbol], last.micros(), fired);
  }

 private:
  // The level is negated in the falling one, so that both have their best level first.
  using Levels = std::multimap<std::int64_t, Slot>;
  struct Place {
    SymbolId symbol = 0;
    std::optional<Levels::iterator> falling, rising;
  };
  void FireFrom(Levels& levels, std::int64_t level, std::vector<Slot>& fired) {
    while (!levels.empty() && levels.begin()->first <= level) {
      const Slot slot = levels.begin()->second;
      fired.push_back(slot);
      Disarm(slot);
    }
  }
  std::vector<Levels> falling_, rising_;  // by symbol
  std::vector<Place> places_;             // by slot
};

}  // namespace papertape::bench

// What one reader of a quote stream wants and has not been sent yet. Pure; not thread-safe.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "services/market_data/domain/quote_book.h"

namespace papertape::market {

class QuoteSelection {
 public:
  explicit QuoteSelection(const QuoteBook& book);

  // Symbols in any spelling, `*` for all; those that the book does not know are passed over. An added slot is due at
  // once, with the newest quote that the book has.
  void Add(const std::vector<std::string>& symbols);
  // Also forgets what is due.
  void Remove(const std::vector<std::string>& symbols);
  // The slots have newer quotes: those that are wanted become due.
  void Changed(const std::vector<Slot>& slots);

  [[nodiscard]] bool AnyDue() const { return !due_.empty(); }
  // The newest quote of every slot that is due, which is then due no longer, and the market that they are of. A slow
  // reader gets one quote of a symbol here, however many were missed.
  TapeBatch Take();

 private:
  struct State {
    bool wanted = false;
    bool due = false;
  };
  void Want(Slot slot);

  const QuoteBook& book_;
  std::vector<State> slots_;
  std::vector<Slot> due_;  // in the order in which they became due
};

}  // namespace papertape::market

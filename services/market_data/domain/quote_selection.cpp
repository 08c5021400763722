#include "services/market_data/domain/quote_selection.h"

#include <utility>

namespace papertape::market {
namespace {

constexpr char kAll[] = "*";

}  // namespace

QuoteSelection::QuoteSelection(const QuoteBook& book) : book_(book), slots_(book.size()) {}

void QuoteSelection::Add(const std::vector<std::string>& symbols) {
  for (const std::string& symbol : symbols) {
    if (symbol == kAll) {
      for (Slot slot = 0; slot < slots_.size(); ++slot) Want(slot);
    } else if (const std::optional<Slot> slot = book_.Find(symbol)) {
      Want(*slot);
    }
  }
}

void QuoteSelection::Remove(const std::vector<std::string>& symbols) {
  for (const std::string& symbol : symbols) {
    if (symbol == kAll) {
      slots_.assign(slots_.size(), State());
      due_.clear();
    } else if (const std::optional<Slot> slot = book_.Find(symbol)) {
      slots_[*slot] = State();
      std::erase(due_, *slot);
    }
  }
}

void QuoteSelection::Changed(const std::vector<Slot>& slots) {
  for (const Slot slot : slots) {
    State& state = slots_[slot];
    if (!state.wanted || state.due) continue;
    state.due = true;
    due_.push_back(slot);
  }
}

TapeBatch QuoteSelection::Take() {
  for (const Slot slot : due_) slots_[slot].due = false;
  return book_.Read(std::exchange(due_, {}));
}

void QuoteSelection::Want(Slot slot) {
  slots_[slot].wanted = true;
  Changed({slot});
}

}  // namespace papertape::market

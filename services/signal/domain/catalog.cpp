#include "services/signal/domain/catalog.h"

namespace papertape::signal {

std::string_view ActionWord(Action action) {
  switch (action) {
    case Action::kBuy:
      return "BUY";
    case Action::kSell:
      return "SELL";
    case Action::kHold:
      return "HOLD";
  }
  return "HOLD";
}

std::optional<Action> ParseAction(std::string_view word) {
  for (const Action action : {Action::kBuy, Action::kSell, Action::kHold}) {
    if (word == ActionWord(action)) return action;
  }
  return std::nullopt;
}

}  // namespace papertape::signal

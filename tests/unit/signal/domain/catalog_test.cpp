#include "services/signal/domain/catalog.h"

#include "tests/support/catch.h"

namespace papertape::signal {
namespace {

TEST_CASE("an action reads back as it prints, and nothing else is one") {
  for (const Action action : {Action::kBuy, Action::kSell, Action::kHold}) {
    CHECK(ParseAction(ActionWord(action)) == action);
  }
  CHECK(ActionWord(Action::kSell) == "SELL");
  for (const char* word : {"", "buy", "BUYS", "ACTION_BUY"}) CHECK_FALSE(ParseAction(word).has_value());
}

}  // namespace
}  // namespace papertape::signal

#include "services/trade_engine/domain/trade_transitions.h"

#include "tests/support/catch.h"

namespace papertape::trade_engine {
namespace {

TEST_CASE("an active trade closes for any cause, a closed one for none") {
  for (int status = 0; status < 5; ++status) {
    for (int event = 0; event < 4; ++event) {
      const auto next = Next(static_cast<TradeStatus>(status), static_cast<TradeEvent>(event));
      CAPTURE(status, event);
      CHECK(next.has_value() == (static_cast<TradeStatus>(status) == TradeStatus::kActive));
      CHECK(next != TradeStatus::kActive);
    }
  }
  CHECK(Next(TradeStatus::kActive, TradeEvent::kStopCrossed) == TradeStatus::kStopLossHit);
  CHECK(Next(TradeStatus::kActive, TradeEvent::kTargetCrossed) == TradeStatus::kTargetHit);
  CHECK(Next(TradeStatus::kActive, TradeEvent::kExit) == TradeStatus::kClosed);
  CHECK(Next(TradeStatus::kActive, TradeEvent::kMarginCall) == TradeStatus::kMarginClosed);
}

TEST_CASE("names read back as what they name") {
  for (int i = 0; i < 5; ++i) CHECK(ParseTradeStatus(Name(static_cast<TradeStatus>(i))) == static_cast<TradeStatus>(i));
  for (int i = 0; i < 4; ++i) CHECK(ParseExitReason(Name(static_cast<ExitReason>(i))) == static_cast<ExitReason>(i));
  for (int i = 0; i < 2; ++i) CHECK(ParseSide(Name(static_cast<Side>(i))) == static_cast<Side>(i));
  CHECK_FALSE(ParseSide("buy"));
}

}  // namespace
}  // namespace papertape::trade_engine

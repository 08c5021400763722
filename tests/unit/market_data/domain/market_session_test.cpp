#include "services/market_data/domain/market_session.h"

#include <map>
#include <vector>

#include "tests/support/matchers.h"

namespace papertape::market {
namespace {

using namespace std::chrono_literals;
using papertape::testing::HasReason;
using enum SessionState;
using enum SessionCommand;

TEST_CASE("the table of transitions, in full") {
  using To = std::vector<std::optional<SessionState>>;  // after kPause, kResume, kSetSpeed, kStep, kFinish, kEnd
  const std::map<SessionState, To> table{
      {kRunning, {kPaused, kRunning, kRunning, kPaused, kFinished, kEnded}},
      {kPaused, {kPaused, kRunning, kPaused, kPaused, kFinished, kEnded}},
      {kFinished, {std::nullopt, std::nullopt, std::nullopt, std::nullopt, std::nullopt, kEnded}},
      {kEnded, To(6)}};
  for (const auto& [from, to] : table) {
    for (std::size_t command = 0; command < to.size(); ++command) {
      CHECK(After(from, static_cast<SessionCommand>(command)) == to[command]);
    }
  }
}

TEST_CASE("a refused command says what can be done") {
  const absl::Status refused = Apply({.number = 3, .state = kFinished}, kResume).status();
  CHECK_THAT(refused, HasReason(Reason::kCONFLICT));
  CHECK(MessageOf(refused) == "Session 3 has been played to its end; end it.");
  CHECK_THAT(Apply({.number = 3, .state = kEnded}, kEnd).status(), HasReason(Reason::kCONFLICT));
}

TEST_CASE("every state has a name that is read back") {
  for (const SessionState state : {kRunning, kPaused, kFinished, kEnded}) {
    CHECK(ParseSessionState(SessionStateName(state)) == state);
  }
  CHECK_FALSE(ParseSessionState("asleep"));
}

TEST_CASE("a step is to the next price, or so much by the clock on the wall") {
  CHECK(ParseStep("") == SessionStep(ToNextPrice()));
  CHECK(ParseStep("price") == SessionStep(ToNextPrice()));
  CHECK(ParseStep("30s") == SessionStep(30s));
  CHECK(ParseStep("15m") == SessionStep(900s));
  CHECK(ParseStep("1h") == SessionStep(3'600s));
  CHECK(ParseStep("366d") == SessionStep(366 * 86'400s));
  for (const char* const wrong :
       {"1", "d", "0s", "-1h", "1w", "1hour", "1.5h", "367d", "99999999999999999999s", " 1h"}) {
    CHECK_FALSE(ParseStep(wrong));
  }
}

}  // namespace
}  // namespace papertape::market

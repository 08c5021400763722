// A session: a market with its own clock (docs/adr/0009). Number 0 is the live market and has no row; the others replay
// recorded days. Values and the table of transitions; pure.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "libs/clock/clock.h"

namespace papertape::market {

inline constexpr std::int64_t kSlowest = 1;
inline constexpr std::int64_t kFastest = 1'000;

// Finished: all was played, and the clock stands at the end until somebody ends the session.
enum class SessionState : std::uint8_t { kRunning, kPaused, kFinished, kEnded };
std::string_view SessionStateName(SessionState state);  // "running", ...
std::optional<SessionState> ParseSessionState(std::string_view name);

enum class SessionCommand : std::uint8_t { kPause, kResume, kSetSpeed, kStep, kFinish, kEnd };
// The state after it; nothing where it is refused.
std::optional<SessionState> After(SessionState state, SessionCommand command);

struct MarketSession {
  std::int64_t number = 0;
  Timestamp first_day;  // midnight UTC of the days, both inclusive
  Timestamp last_day;
  std::int64_t speed = kSlowest;  // times faster than life
  SessionState state = SessionState::kRunning;
  Timestamp clock;            // up to where it has been told
  std::int64_t revision = 0;  // grows with each command
  friend bool operator==(const MarketSession&, const MarketSession&) = default;
};

// How far a step goes: to the next price, or so much later by the clock on the wall.
struct ToNextPrice {
  friend bool operator==(const ToNextPrice&, const ToNextPrice&) = default;
};
using SessionStep = std::variant<ToNextPrice, std::chrono::seconds>;
// "price", or a whole number of s, m, h or d. Nothing when it is neither, or further than a year.
std::optional<SessionStep> ParseStep(std::string_view text);

// The session after the command. CONFLICT where it is refused, with what can be done.
absl::StatusOr<MarketSession> Apply(const MarketSession& session, SessionCommand command);

}  // namespace papertape::market

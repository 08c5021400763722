#include "services/market_data/domain/market_session.h"

#include <array>
#include <charconv>
#include <utility>

#include "fmt/format.h"
#include "libs/status/status.h"

namespace papertape::market {
namespace {

using State = SessionState;
using Command = SessionCommand;

constexpr std::array<std::pair<State, std::string_view>, 4> kStates{{{State::kRunning, "running"},
                                                                     {State::kPaused, "paused"},
                                                                     {State::kFinished, "finished"},
                                                                     {State::kEnded, "ended"}}};

struct Transition {
  State from;
  Command command;
  State to;
};
// What is not here is refused.
constexpr std::array kTransitions{
    Transition{State::kRunning, Command::kPause, State::kPaused},
    Transition{State::kRunning, Command::kResume, State::kRunning},
    Transition{State::kRunning, Command::kSetSpeed, State::kRunning},
    Transition{State::kRunning, Command::kStep, State::kPaused},
    Transition{State::kRunning, Command::kFinish, State::kFinished},
    Transition{State::kRunning, Command::kEnd, State::kEnded},
    Transition{State::kPaused, Command::kPause, State::kPaused},
    Transition{State::kPaused, Command::kResume, State::kRunning},
    Transition{State::kPaused, Command::kSetSpeed, State::kPaused},
    Transition{State::kPaused, Command::kStep, State::kPaused},
    Transition{State::kPaused, Command::kFinish, State::kFinished},
    Transition{State::kPaused, Command::kEnd, State::kEnded},
    Transition{State::kFinished, Command::kEnd, State::kEnded},
};

constexpr std::chrono::seconds kLongestStep = std::chrono::days(366);

}  // namespace

std::string_view SessionStateName(SessionState state) {
  for (const auto& [known, name] : kStates) {
    if (known == state) return name;
  }
  return {};
}

std::optional<SessionState> ParseSessionState(std::string_view name) {
  for (const auto& [state, known] : kStates) {
    if (known == name) return state;
  }
  return std::nullopt;
}

std::optional<SessionState> After(SessionState state, SessionCommand command) {
  for (const Transition& known : kTransitions) {
    if (known.from == state && known.command == command) return known.to;
  }
  return std::nullopt;
}

std::optional<SessionStep> ParseStep(std::string_view text) {
  if (text.empty() || text == "price") return ToNextPrice();
  std::int64_t count = 0;
  const auto [unit, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error != std::errc{} || unit + 1 != text.data() + text.size()) return std::nullopt;
  constexpr std::string_view kUnits = "smhd";
  constexpr std::array<std::int64_t, 4> kSeconds{1, 60, 3'600, 86'400};
  const std::size_t known = kUnits.find(*unit);
  if (known == std::string_view::npos || count < 1 || count > kLongestStep.count() / kSeconds[known]) {
    return std::nullopt;
  }
  return std::chrono::seconds(count * kSeconds[known]);
}

absl::StatusOr<MarketSession> Apply(const MarketSession& session, SessionCommand command) {
  const std::optional<SessionState> next = After(session.state, command);
  if (!next) {
    return Error(Reason::kCONFLICT, session.state == SessionState::kFinished
                                        ? fmt::format("Session {} has been played to its end; end it.", session.number)
                                        : fmt::format("Session {} has ended.", session.number));
  }
  MarketSession changed = session;
  changed.state = *next;
  return changed;
}

}  // namespace papertape::market

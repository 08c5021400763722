#include "cli/replay_command.h"

#include <unistd.h>

#include <condition_variable>
#include <iostream>
#include <mutex>

#include "cli/commands.h"
#include "cli/replay_progress.h"
#include "fmt/format.h"
#include "libs/rpc/proto_types.h"
#include "libs/status/status.h"

namespace papertape::cli {
namespace {

using Session = SessionClient::Session;
using Market = SessionClient::Market;

constexpr std::chrono::milliseconds kLookEvery{100};
constexpr std::chrono::seconds kEngineGetsThereWithin{30};
constexpr char kWarning[] =
    "While a replay is on, trades of the live market sleep: their stops and targets are not watched until\n"
    "`./papertape replay end`.";

void Pause() {
  std::mutex mutex;
  std::condition_variable never;
  std::unique_lock lock(mutex);
  never.wait_for(lock, kLookEvery);
}

absl::StatusOr<Session> Look(SessionClient& suite) {
  return suite.Ask(&Market::GetMarketSession, market_data::v1::GetMarketSessionRequest());
}

int Shown(const absl::StatusOr<Session>& session) {
  if (!session.ok()) return Refused(session.status());
  std::cout << Describe(*session) << '\n';
  return 0;
}

bool IsAgreed(const ReplayOptions& options) {
  std::cerr << kWarning << '\n';
  if (options.yes) return true;
  if (isatty(STDIN_FILENO) == 0) {
    std::cerr << "papertape: say --yes to begin\n";
    return false;
  }
  std::cerr << "Begin? [y/N] " << std::flush;
  std::string answer;
  std::getline(std::cin, answer);
  return answer == "y" || answer == "Y" || answer == "yes";
}

// Until the engine has the books of the session open and has decided on everything that was told up to `time`; false
// when it does not get there.
bool AwaitEngine(SessionClient& suite, std::int64_t session, Timestamp time) {
  const Instant until = SystemClock().Steady() + kEngineGetsThereWithin;
  while (SystemClock().Steady() < until) {
    const auto books = suite.OpenBooks();
    if (books.ok() && books->session() == session && rpc::Decode(books->market_time()) >= time) return true;
    Pause();
  }
  std::cerr << "papertape: the trade engine has not got there yet\n";
  return false;
}

bool AwaitEngine(SessionClient& suite, const Session& session) {
  return AwaitEngine(suite, session.session(), rpc::Decode(session.time()));
}

// A long step outlasts a call.
absl::StatusOr<Session> AwaitStep(SessionClient& suite, Session session) {
  ReplayProgress progress(std::cout, isatty(STDOUT_FILENO) != 0);
  while (session.stepping()) {
    progress.Show(session);
    Pause();
    PT_ASSIGN_OR_RETURN(session, Look(suite));
  }
  progress.Finish();
  return session;
}

int PrintDigest(SessionClient& suite, std::int64_t session) {
  const auto digest = suite.Digest(session);
  if (!digest.ok()) return Refused(digest.status());
  std::cout << fmt::format("session {}: {} event{}, digest {}\n", session, digest->events(),
                           digest->events() == 1 ? "" : "s", digest->sha256());
  return 0;
}

int Follow(SessionClient& suite, std::int64_t number) {
  ReplayProgress progress(std::cout, isatty(STDOUT_FILENO) != 0);
  while (true) {
    const auto session = Look(suite);
    if (!session.ok()) {
      progress.Finish();
      std::cerr << "papertape: the replay goes on by itself, but cannot be followed\n";
      return Refused(session.status());
    }
    if (session->session() != number) {
      progress.Finish();
      std::cout << fmt::format("session {} was ended\n", number);
      return PrintDigest(suite, number);
    }
    progress.Show(*session);
    if (session->state() == "finished") {
      progress.Finish();
      AwaitEngine(suite, *session);
      const int printed = PrintDigest(suite, number);
      std::cout << "The clock stands at the end of the tape; ./papertape replay end goes back to the live market.\n";
      return printed;
    }
    Pause();
  }
}

}  // namespace

int StartReplay(SessionClient& suite, const ReplayOptions& options) {
  const std::size_t dots = options.range.find("..");
  market_data::v1::StartReplayRequest request;
  request.set_start(options.range.substr(0, dots));
  request.set_end(dots == std::string::npos ? options.range : options.range.substr(dots + 2));
  request.set_speed(options.speed);
  request.set_paused(options.paused);
  if (!IsAgreed(options)) return 1;
  const auto session = suite.Ask(&Market::StartReplay, request);
  if (const int refused = Shown(session); refused != 0 || !options.follow) return refused;
  return Follow(suite, session->session());
}

int ShowReplay(SessionClient& suite) {
  const auto session = Look(suite);
  if (const int refused = Shown(session); refused != 0 || session->session() == 0) return refused;
  const auto books = suite.OpenBooks();
  if (!books.ok()) return Refused(books.status());
  std::cout << fmt::format("the trade engine is in session {}, at {}\n", books->session(),
                           MarketTime(books->market_time()));
  return 0;
}

int PauseReplay(SessionClient& suite) {
  return Shown(suite.Ask(&Market::PauseSession, market_data::v1::PauseSessionRequest()));
}

int ResumeReplay(SessionClient& suite) {
  return Shown(suite.Ask(&Market::ResumeSession, market_data::v1::ResumeSessionRequest()));
}

int SetReplaySpeed(SessionClient& suite, std::int64_t speed) {
  market_data::v1::SetSessionSpeedRequest request;
  request.set_speed(speed);
  return Shown(suite.Ask(&Market::SetSessionSpeed, request));
}

int StepReplay(SessionClient& suite, const std::string& by) {
  market_data::v1::StepSessionRequest request;
  request.set_by(by);
  absl::StatusOr<Session> session = suite.Ask(&Market::StepSession, request);
  if (session.ok()) session = AwaitStep(suite, *std::move(session));
  if (const int refused = Shown(session); refused != 0) return refused;
  return AwaitEngine(suite, *session) ? 0 : 1;
}

int EndReplay(SessionClient& suite) {
  // What was told up to here is to be decided on before the books are closed.
  auto session = Look(suite);
  if (session.ok() && session->state() == "running" && session->session() != 0) {
    session = suite.Ask(&Market::PauseSession, market_data::v1::PauseSessionRequest());
  }
  if (session.ok() && session->session() != 0) AwaitEngine(suite, *session);
  const auto ended = suite.Ask(&Market::EndSession, market_data::v1::EndSessionRequest());
  if (const int refused = Shown(ended); refused != 0) return refused;
  const int printed = PrintDigest(suite, ended->session());
  if (!AwaitEngine(suite, 0, Timestamp())) return 1;
  std::cout << "The market is live again.\n";
  return printed;
}

}  // namespace papertape::cli

#include "services/market_data/domain/market_sessions.h"

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

#include "fmt/format.h"
#include "libs/status/status.h"

namespace papertape::market {
namespace {

absl::Status NothingIsReplayed() { return Error(Reason::kCONFLICT, "The market is live: no replay is on."); }

absl::Status AnotherIsOn(const MarketSession& session) {
  return Error(Reason::kCONFLICT, fmt::format("Session {} is on, a replay of {} to {}, {}; end it first.",
                                              session.number, FormatDate(session.first_day),
                                              FormatDate(session.last_day), SessionStateName(session.state)));
}

TradingTime HoursOf(const std::vector<RecordedSymbol>& symbols, Timestamp first, Timestamp last) {
  std::set<std::string_view> exchanges;
  for (const RecordedSymbol& symbol : symbols) exchanges.insert(symbol.exchange);
  return TradingTime::Of({exchanges.begin(), exchanges.end()}, first, last);
}

absl::Status NothingRecorded(const ReplayRange& range, const std::optional<RecordedRange>& recorded) {
  const std::string there_is =
      recorded ? fmt::format("bars are recorded from {} to {}", FormatDate(recorded->first), FormatDate(recorded->last))
               : std::string("no bars are recorded at all; ./papertape ingest gets some");
  Violations wrong;
  wrong.Check(false, "start",
              fmt::format("no symbol has a bar from {} to {}: {}", FormatDate(range.first_day),
                          FormatDate(range.last_day), there_is));
  return wrong.ToStatus();
}

}  // namespace

absl::Status MarketSessions::Follow() {
  const std::lock_guard lock(commands_);
  PT_RETURN_IF_ERROR(StoreProgress());
  PT_ASSIGN_OR_RETURN(const std::optional<MarketSession> active, ports_.store.Active());
  if (!active) {
    GoLive();
    return absl::OkStatus();
  }
  {
    const std::lock_guard reading(mutex_);
    const bool known =
        played_ && played_->session.number == active->number && played_->session.revision == active->revision;
    if (known) return absl::OkStatus();
  }
  const absl::Status played = Play(*active);
  if (ReasonOf(played) != Reason::kNOT_FOUND) return played;
  // Its bars have gone: there is nothing left to play.
  PT_ASSIGN_OR_RETURN(const MarketSession ended, Apply(*active, SessionCommand::kEnd));
  return ports_.store.Change(ended).status();
}

absl::Status MarketSessions::StoreProgress() {
  const MarketTape::Progress progress = ports_.tape.progress();
  std::optional<MarketSession> session;
  {
    const std::lock_guard reading(mutex_);
    if (played_) session = played_->session;
  }
  if (!session || progress.told.session != session->number || !progress.told.clock) return absl::OkStatus();
  if (progress.finished && session->state != SessionState::kFinished) {
    PT_ASSIGN_OR_RETURN(MarketSession finished, Apply(*session, SessionCommand::kFinish));
    finished.clock = *progress.told.clock;
    const absl::StatusOr<MarketSession> stored = ports_.store.Change(finished);
    if (stored.ok()) Remember(*stored);
    // Another process was first.
    return ReasonOf(stored.status()) == Reason::kCONFLICT ? absl::OkStatus() : stored.status();
  }
  if (session->clock == *progress.told.clock) return absl::OkStatus();
  PT_RETURN_IF_ERROR(ports_.store.Advance(session->number, *progress.told.clock));
  session->clock = *progress.told.clock;
  Remember(*session);
  return absl::OkStatus();
}

SessionView MarketSessions::Now() const {
  std::optional<Played> played;
  {
    const std::lock_guard reading(mutex_);
    played = played_;
  }
  return played ? View(*played) : SessionView{.time = ports_.clock.Now()};
}

SessionView MarketSessions::View(const Played& played) const {
  SessionView view{.session = played.session,
                   .time = played.session.clock,
                   .from = played.hours.begin(),
                   .until = played.hours.end(),
                   .symbols = played.symbols};
  const MarketTape::Progress progress = ports_.tape.progress();
  if (progress.told.session == played.session.number && progress.told.clock) {
    view.time = std::max(view.time, *progress.told.clock);
    if (progress.finished) view.session.state = SessionState::kFinished;
    view.stepping = view.session.state == SessionState::kPaused && !progress.stands;
  }
  view.share_played =
      static_cast<double>(played.hours.Before(view.time).count()) / static_cast<double>(played.hours.total().count());
  return view;
}

absl::StatusOr<SessionView> MarketSessions::Start(const ReplayRange& range) {
  const std::lock_guard lock(commands_);
  PT_ASSIGN_OR_RETURN(const std::optional<MarketSession> active, ports_.store.Active());
  if (active) return AnotherIsOn(*active);
  PT_ASSIGN_OR_RETURN(const std::vector<RecordedSymbol> symbols, ports_.bars.Symbols(range.first_day, range.last_day));
  const TradingTime hours = HoursOf(symbols, range.first_day, range.last_day);
  if (hours.empty()) {
    PT_ASSIGN_OR_RETURN(const std::optional<RecordedRange> recorded, ports_.bars.Range());
    return NothingRecorded(range, recorded);
  }
  PT_ASSIGN_OR_RETURN(const MarketSession opened,
                      ports_.store.Open({.first_day = range.first_day,
                                         .last_day = range.last_day,
                                         .speed = range.speed,
                                         .state = range.paused ? SessionState::kPaused : SessionState::kRunning,
                                         .clock = hours.begin()}));
  PT_RETURN_IF_ERROR(Play(opened));
  return Now();
}

absl::Status MarketSessions::Play(MarketSession session) {
  if (ports_.told) {
    // Nothing is told twice.
    const absl::StatusOr<MarketMoment> told = ports_.told();
    if (told.ok() && told->session == session.number)
      session.clock = std::max(session.clock, told->clock.value_or(session.clock));
  }
  PT_ASSIGN_OR_RETURN(const std::vector<RecordedSymbol> symbols,
                      ports_.bars.Symbols(session.first_day, session.last_day));
  TradingTime hours = HoursOf(symbols, session.first_day, session.last_day);
  if (hours.empty()) return Error(Reason::kNOT_FOUND, "The bars of the session have gone.");
  auto player = std::make_unique<SessionPlayer>(session, ReplayTape(hours, ports_.bars, beat_), ports_.clock.Steady());
  PT_ASSIGN_OR_RETURN(std::vector<Quote> recalled, player->Begin());
  if (ports_.announce) PT_RETURN_IF_ERROR(ports_.announce(session));
  {
    const std::lock_guard writing(mutex_);
    played_ = Played{session, std::move(hours), static_cast<std::int64_t>(symbols.size())};
  }
  ports_.tape.Play(std::move(player), std::move(recalled));
  return absl::OkStatus();
}

void MarketSessions::GoLive() {
  {
    const std::lock_guard writing(mutex_);
    played_.reset();
  }
  ports_.tape.GoLive();
}

void MarketSessions::Remember(const MarketSession& session) {
  const std::lock_guard writing(mutex_);
  if (played_ && played_->session.number == session.number) played_->session = session;
}

absl::StatusOr<MarketSession> MarketSessions::Command(SessionCommand command, const Change& change) {
  PT_RETURN_IF_ERROR(StoreProgress());
  PT_ASSIGN_OR_RETURN(const std::optional<MarketSession> active, ports_.store.Active());
  if (!active) return NothingIsReplayed();
  PT_ASSIGN_OR_RETURN(MarketSession changed, Apply(*active, command));
  if (change) change(changed);
  PT_ASSIGN_OR_RETURN(const MarketSession stored, ports_.store.Change(changed));
  Remember(stored);
  return stored;
}

absl::StatusOr<SessionView> MarketSessions::Pause() {
  const std::lock_guard lock(commands_);
  PT_ASSIGN_OR_RETURN(const MarketSession session, Command(SessionCommand::kPause));
  ports_.tape.Turn(session.number, [](SessionPlayer& player, Instant now) { player.Pause(now); });
  return Now();
}

absl::StatusOr<SessionView> MarketSessions::Resume() {
  const std::lock_guard lock(commands_);
  PT_ASSIGN_OR_RETURN(const MarketSession session, Command(SessionCommand::kResume));
  ports_.tape.Turn(session.number, [](SessionPlayer& player, Instant now) { player.Resume(now); });
  return Now();
}

absl::StatusOr<SessionView> MarketSessions::SetSpeed(std::int64_t speed) {
  const std::lock_guard lock(commands_);
  PT_ASSIGN_OR_RETURN(const MarketSession session,
                      Command(SessionCommand::kSetSpeed, [&](MarketSession& changed) { changed.speed = speed; }));
  ports_.tape.Turn(session.number, [&](SessionPlayer& player, Instant now) { player.SetSpeed(speed, now); });
  return Now();
}

absl::StatusOr<SessionView> MarketSessions::Step(const SessionStep& step, std::chrono::milliseconds at_most) {
  const std::lock_guard lock(commands_);
  PT_ASSIGN_OR_RETURN(const MarketSession session, Command(SessionCommand::kStep));
  ports_.tape.Turn(session.number, [&](SessionPlayer& player, Instant now) { player.Step(step, now); });
  ports_.tape.AwaitStep(at_most);
  PT_RETURN_IF_ERROR(StoreProgress());
  return Now();
}

absl::StatusOr<SessionView> MarketSessions::End() {
  const std::lock_guard lock(commands_);
  PT_ASSIGN_OR_RETURN(const MarketSession session, Command(SessionCommand::kEnd));
  SessionView last = Now();
  last.session = session;
  GoLive();
  return last;
}

}  // namespace papertape::market

// The sessions of the market: opened, paused, stepped and ended by the operator, kept in the database, resumed by a
// process that starts where the last one stored that it had got. Processes that share a database follow its row: what
// one is told, the others see at their next look. Thread-safe.
#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "libs/clock/clock.h"
#include "services/market_data/domain/market_session.h"
#include "services/market_data/domain/market_tape.h"
#include "services/market_data/domain/session_ports.h"
#include "services/market_data/domain/trading_time.h"

namespace papertape::market {

// What a replay is asked to play.
struct ReplayRange {
  Timestamp first_day;  // midnights UTC, both inclusive
  Timestamp last_day;
  std::int64_t speed = kSlowest;
  bool paused = false;
};

// A session as it is shown.
struct SessionView {
  MarketSession session;  // number 0: the live market
  Timestamp time;         // the market's
  std::optional<Timestamp> from;
  std::optional<Timestamp> until;
  double share_played = 0;
  std::int64_t symbols = 0;
  bool stepping = false;  // a step has not been told to its end
};

class MarketSessions {
 public:
  struct Ports {
    MarketSessionStore& store;
    ReplayBars& bars;
    MarketTape& tape;
    const Clock& clock;
    // What readers of the tape have been told last, which may be more than the row says; absent: nobody knows.
    std::function<absl::StatusOr<MarketMoment>()> told = {};
    // Tells the session's books of the splits and dividends of its days; again at each resumption, which changes
    // nothing. Absent: there are none.
    std::function<absl::Status(const MarketSession&)> announce = {};
  };
  // `beat` is the market's time between two repetitions of a price.
  MarketSessions(const Ports& ports, std::chrono::microseconds beat) : ports_(ports), beat_(beat) {}

  // Follows what is stored; before the feed starts, and then once a second. Stores how far the tape has been told.
  absl::Status Follow();
  // The session that the tape is in.
  [[nodiscard]] SessionView Now() const;

  // INVALID_ARGUMENT where nothing is recorded of those days; CONFLICT while another session is on.
  absl::StatusOr<SessionView> Start(const ReplayRange& range);
  // These answer CONFLICT in the live market, and where the session's state refuses.
  absl::StatusOr<SessionView> Pause();
  absl::StatusOr<SessionView> Resume();
  absl::StatusOr<SessionView> SetSpeed(std::int64_t speed);
  // Waits until everything up to there has been told, at most so long.
  absl::StatusOr<SessionView> Step(const SessionStep& step, std::chrono::milliseconds at_most);
  absl::StatusOr<SessionView> End();

 private:
  // What is played, beside its row.
  struct Played {
    MarketSession session;
    TradingTime hours;
    std::int64_t symbols = 0;
  };
  using Change = std::function<void(MarketSession&)>;

  // All under commands_.
  absl::StatusOr<MarketSession> Command(SessionCommand command, const Change& change = {});
  absl::Status Play(MarketSession session);
  void GoLive();
  absl::Status StoreProgress();
  void Remember(const MarketSession& session);
  [[nodiscard]] SessionView View(const Played& played) const;

  const Ports ports_;
  const std::chrono::microseconds beat_;
  std::mutex commands_;       // one command at a time
  mutable std::mutex mutex_;  // guards played_
  std::optional<Played> played_;
};

}  // namespace papertape::market

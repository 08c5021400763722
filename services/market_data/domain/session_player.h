// Plays the tape of one session: maps the machine's time to the market's, and hands out what is due.
//
// While it runs, the market's time goes `speed` times as fast as the machine's through the trading time of the tape;
// paused, it stands; a step takes it to a moment as fast as that goes, and ends with a beat there. Whichever way it
// gets there, the ticks are the same, and so is how they are batched: each moment of the tape is a batch. Who is late
// (a machine that cannot keep up) goes on from where it is and owes nothing. Not thread-safe.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "services/market_data/domain/market_session.h"
#include "services/market_data/domain/replay_tape.h"
#include "services/market_data/domain/tape_batch.h"

namespace papertape::market {

class SessionPlayer {
 public:
  // At the session's clock, from `now` on.
  SessionPlayer(const MarketSession& session, ReplayTape tape, Instant now);

  // What there is to recall at the session's clock: once, before the first Poll.
  absl::StatusOr<std::vector<Quote>> Begin();
  // The batches that are due, in order, at most `most`.
  absl::StatusOr<std::vector<TapeBatch>> Poll(Instant now, std::size_t most);
  // How long until the next is due; nothing while it stands.
  [[nodiscard]] std::optional<std::chrono::microseconds> Rest(Instant now) const;

  void Pause(Instant now);
  void Resume(Instant now);
  void SetSpeed(std::int64_t speed, Instant now);
  // Pauses at the end of the step.
  void Step(const SessionStep& step, Instant now);

  [[nodiscard]] std::int64_t number() const { return number_; }
  // Up to where it has been played.
  [[nodiscard]] Timestamp clock() const { return clock_; }
  [[nodiscard]] bool Stepping() const { return step_.has_value(); }
  [[nodiscard]] bool Finished() const { return finished_; }

 private:
  // Goes on from where it has been played.
  void Anchor(Instant now);
  [[nodiscard]] Timestamp Horizon(Instant now) const;

  const std::int64_t number_;
  ReplayTape tape_;
  std::int64_t speed_;
  bool running_;
  bool finished_ = false;
  Timestamp clock_;
  Timestamp next_;                 // the tape's next moment, as far as it is known
  std::optional<Timestamp> step_;  // up to and including; the end of the tape for a step to the next price
  bool to_next_price_ = false;
  Instant anchored_at_;
  std::chrono::microseconds anchor_{0};  // trading time
};

}  // namespace papertape::market

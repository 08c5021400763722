#include "services/market_data/domain/session_player.h"

#include <algorithm>
#include <utility>

#include "libs/status/status.h"

namespace papertape::market {

using std::chrono::microseconds;

SessionPlayer::SessionPlayer(const MarketSession& session, ReplayTape tape, Instant now)
    : number_(session.number),
      tape_(std::move(tape)),
      speed_(session.speed),
      running_(session.state == SessionState::kRunning),
      clock_(session.clock),
      next_(session.clock) {
  Anchor(now);
}

absl::StatusOr<std::vector<Quote>> SessionPlayer::Begin() {
  // At the very beginning nothing has been told yet.
  if (clock_ <= tape_.hours().begin()) return std::vector<Quote>();
  return tape_.PassOver(clock_);
}

absl::StatusOr<std::vector<TapeBatch>> SessionPlayer::Poll(Instant now, std::size_t most) {
  std::vector<TapeBatch> batches;
  while (!finished_ && (running_ || step_)) {
    const absl::StatusOr<std::optional<Timestamp>> next = tape_.NextAt();
    if (!next.ok()) {
      // The market's time stands until the bars can be read again.
      Anchor(now);
      if (batches.empty()) return next.status();
      break;
    }
    finished_ = !next->has_value();
    if (finished_) break;
    next_ = **next;
    if (step_ && next_ > *step_) {
      // The market's time is what the step says, although nothing is told at it.
      if (clock_ < *step_) {
        clock_ = *step_;
        batches.push_back({{}, {.session = number_, .clock = clock_}});
      }
      step_.reset();
      Anchor(now);
    }
    if (!step_ && next_ > Horizon(now)) break;
    if (batches.size() == most) {
      Anchor(now);
      break;
    }
    TapeMoment moment = tape_.Take();
    clock_ = moment.time;
    if (to_next_price_ && moment.any_price) {
      step_.reset();
      to_next_price_ = false;
    }
    batches.emplace_back(std::move(moment.quotes), MarketMoment{.session = number_, .clock = clock_});
  }
  if (finished_) step_.reset();
  return batches;
}

std::optional<microseconds> SessionPlayer::Rest(Instant now) const {
  if (finished_) return std::nullopt;
  if (step_) return microseconds(0);
  if (!running_) return std::nullopt;
  const auto passed = std::chrono::duration_cast<microseconds>(now - anchored_at_);
  return std::max((tape_.hours().Before(next_) - anchor_) / speed_ - passed, microseconds(0));
}

void SessionPlayer::Pause(Instant now) {
  running_ = false;
  Anchor(now);
}

void SessionPlayer::Resume(Instant now) {
  if (running_) return;
  running_ = true;
  Anchor(now);
}

void SessionPlayer::SetSpeed(std::int64_t speed, Instant now) {
  anchor_ = tape_.hours().Before(Horizon(now));
  anchored_at_ = now;
  speed_ = speed;
}

void SessionPlayer::Step(const SessionStep& step, Instant now) {
  Pause(now);
  to_next_price_ = std::holds_alternative<ToNextPrice>(step);
  step_ =
      to_next_price_ ? tape_.hours().end() : tape_.hours().OpenAtOrAfter(clock_ + std::get<std::chrono::seconds>(step));
}

void SessionPlayer::Anchor(Instant now) {
  anchored_at_ = now;
  anchor_ = tape_.hours().Before(clock_);
}

Timestamp SessionPlayer::Horizon(Instant now) const {
  if (!running_) return clock_;
  const auto passed = std::chrono::duration_cast<microseconds>(now - anchored_at_);
  return tape_.hours().After(anchor_ + passed * speed_);
}

}  // namespace papertape::market

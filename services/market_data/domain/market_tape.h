// What the feed plays: the live market, or the session that the suite is in.
//
// In a session the live sources go unheard: they are polled all the same, so that nothing piles up in them, and the
// newest quote of each symbol is recalled when the live market is back. A change of session is said at once, by a batch
// without ticks, and so is the time, some times a second, while nothing else is told. Thread-safe; one feed polls.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "libs/clock/clock.h"
#include "services/market_data/domain/ports.h"
#include "services/market_data/domain/session_player.h"
#include "services/market_data/domain/tape_batch.h"

namespace papertape::market {

class MarketTape {
 public:
  explicit MarketTape(const Clock& clock) : clock_(clock) {}
  // The live market; before the first poll.
  void Hear(QuoteSource& live) { live_ = &live; }
  // Called when there is something to poll earlier than Rest said; before the first poll.
  void OnNews(std::function<void()> wake) { wake_ = std::move(wake); }

  // What is due, in order. To be asked again only when all of it has been told. Nothing where the bars of a day cannot
  // be read: the market's time stands meanwhile.
  std::vector<TapeTurn> Poll();
  // How long until the next poll.
  [[nodiscard]] std::chrono::microseconds Rest() const;
  // The session's beat, for who is to be told again.
  [[nodiscard]] TapeBatch Beat() const;

  // Plays the session in place of what is played, from its clock on, beginning with what `player` recalls there.
  void Play(std::unique_ptr<SessionPlayer> player, std::vector<Quote> recalled);
  void GoLive();
  // Does something to the player of that session; false when another is played.
  bool Turn(std::int64_t session, const std::function<void(SessionPlayer&, Instant)>& change);
  // Waits until a step has been told, at most so long.
  void AwaitStep(std::chrono::milliseconds at_most) const;

  // How far the session has been told.
  struct Progress {
    MarketMoment told;
    bool finished = false;
    bool stands = true;   // everything up to the player's clock has been told, and no step is under way
    absl::Status health;  // why it stands, where it should not
  };
  [[nodiscard]] Progress progress() const;

 private:
  // Under mutex_.
  [[nodiscard]] bool Stands() const;
  void PollLive(std::vector<TapeTurn>& turns);
  void PollPlayer(std::vector<TapeTurn>& turns);

  const Clock& clock_;
  QuoteSource* live_ = nullptr;
  std::function<void()> wake_ = [] {};
  mutable std::mutex mutex_;  // guards what follows
  mutable std::condition_variable told_more_;
  std::unique_ptr<SessionPlayer> player_;       // null: the live market
  std::optional<std::vector<Quote>> recalled_;  // of a change of session that is to be told
  std::map<std::string, Quote> unheard_;        // live quotes of the time of a session, the newest of each symbol
  Timestamp live_due_;
  MarketMoment handed_;  // out by the last poll
  MarketMoment told_;
  Instant handed_at_;
  absl::Status health_;
};

}  // namespace papertape::market

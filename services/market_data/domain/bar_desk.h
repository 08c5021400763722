// Makes bars of every tick that is published, tells them, and keeps those that are worth keeping.
//
// Kept are finished bars of 1m to 1h that a source has told in full: every trade, from the beginning of the bar to its
// end. Made-up prices never become recorded bars, nor do samples of a price that somebody is asked for now and then.
// Days and weeks are recorded by ingestion, from who knows the official close. Thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "libs/clock/clock.h"
#include "services/market_data/domain/bar_builder.h"
#include "services/market_data/domain/instrument.h"
#include "services/market_data/domain/ports.h"

namespace papertape::market {

class BarDesk final : public TickPublisher {
 public:
  struct Options {
    std::chrono::milliseconds grace{2'000};  // how long after its end a bar still takes ticks
    std::chrono::milliseconds tell_growing_every{1'000};
    std::size_t waiting = 100'000;  // bars that wait for the store, at most; the oldest give way
  };
  // Called with bars that finished and with bars as they grow; must not block.
  using Listener = std::function<void(const std::vector<LiveBar>&)>;

  BarDesk(Options options, BarStore& store, Listener listener, const Clock& clock);
  // The exchanges of the symbols, before the first tick.
  void Admit(const std::vector<Instrument>& instruments);

  // A batch of another session of the market ends all bars that grow, incomplete. Bars of a session are told, by its
  // time, and never stored: they are of what is recorded already.
  void Publish(const TapeBatch& batch) override;
  // Finishes what is due and tells. To be called some times a second.
  void Turn();
  // Stores what waits; what cannot be stored waits on. The number of bars stored.
  absl::StatusOr<std::int64_t> Store();

  [[nodiscard]] BarBuilder::Counts counts() const;
  // Bars that were given up because the store was away too long.
  [[nodiscard]] std::int64_t given_up() const;

 private:
  [[nodiscard]] std::optional<TradingDay> HoursOf(const Quote& tick) const;
  [[nodiscard]] Timestamp Now() const { return moment_.clock.value_or(clock_.Now()); }
  void Keep(const std::vector<LiveBar>& finished);

  const Options options_;
  BarStore& store_;
  const Listener listener_;
  const Clock& clock_;
  std::map<std::string, std::string, std::less<>> exchanges_;
  mutable std::mutex mutex_;  // guards what follows
  MarketMoment moment_;       // of the last batch
  BarBuilder builder_;
  Timestamp told_growing_at_;
  std::vector<LiveBar> waiting_;
  std::int64_t given_up_ = 0;
};

// A live bar as it is stored.
Bar ToBar(const LiveBar& bar);

}  // namespace papertape::market

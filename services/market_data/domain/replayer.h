// Plays recorded bars of one symbol as quotes, faster than life or at its pace.
//
// Each bar lasts its interval divided by the speed and plays four prices, a quarter of that time each: the open, then
// the extreme nearer to the open, then the other, then the close. Time between sessions is left out. Within a quarter
// the price is repeated at every heartbeat, so that a live quote stays fresh; after the last bar its close is repeated.
// A quote's time is the moment it is played, not the moment it was recorded: the recording is made live again, and its
// source says `replay`. Bars know neither bid nor ask, so the quotes have none. The previous close is that of the last
// recorded day before. Every price of every bar is played in order, however late the poll. Not thread-safe.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "services/market_data/domain/bar.h"
#include "services/market_data/domain/ports.h"

namespace papertape::market {

class Replayer : public QuoteSource {
 public:
  struct Options {
    std::string symbol;
    std::int64_t speed = 60;                   // 1 to 1000
    std::chrono::milliseconds heartbeat{250};  // between two quotes while the price rests
  };
  // `bars` ascending, at least one. Playing begins with the first poll.
  Replayer(Options options, std::vector<Bar> bars);

  std::vector<Quote> Poll(Timestamp now) override;
  [[nodiscard]] Timestamp NextAt(Timestamp now) const override;
  // Every price was played.
  [[nodiscard]] bool Ended() const { return next_ == Count(); }

 private:
  [[nodiscard]] std::int64_t Count() const { return static_cast<std::int64_t>(4 * bars_.size()); }
  [[nodiscard]] Timestamp TimeOf(std::int64_t index) const;
  [[nodiscard]] Quote QuoteOf(std::int64_t index, Timestamp time) const;

  Options options_;
  std::vector<Bar> bars_;
  std::vector<Price> previous_closes_;  // of each bar
  std::chrono::microseconds quarter_;   // how long one price is played
  std::optional<Timestamp> started_;
  std::int64_t next_ = 0;  // of the 4 * bars prices
  Timestamp quoted_;       // the last quote's time
};

}  // namespace papertape::market

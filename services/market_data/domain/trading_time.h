// The time in which a market of some exchanges moves: their hours of trading between two days, joined. What lies
// between is left out, so that the clock of a session goes from a close to the next open. Immutable, pure.
#pragma once

#include <chrono>
#include <cstddef>
#include <string_view>
#include <vector>

#include "libs/calendar/calendar.h"
#include "libs/clock/clock.h"

namespace papertape::market {

// The hours of an exchange on a day, which is named by its midnight in UTC: one stretch, or two around a pause; none on
// a day without trading. An exchange without a calendar is taken to trade round the clock.
std::vector<calendar::Span> HoursOn(std::string_view exchange, Timestamp day);

class TradingTime {
 public:
  TradingTime() = default;
  // In any order; those that touch are joined.
  explicit TradingTime(std::vector<calendar::Span> stretches);
  // Of all days from `first` to `last`, both inclusive.
  static TradingTime Of(const std::vector<std::string_view>& exchanges, Timestamp first, Timestamp last);

  [[nodiscard]] bool empty() const { return stretches_.empty(); }
  // Ascending and apart.
  [[nodiscard]] const std::vector<calendar::Span>& stretches() const { return stretches_; }
  // The first opening and the last close. Of time that is not empty.
  [[nodiscard]] Timestamp begin() const { return stretches_.front().begin; }
  [[nodiscard]] Timestamp end() const { return stretches_.back().end; }
  [[nodiscard]] std::chrono::microseconds total() const { return total_; }

  // How much trading lies before `time`.
  [[nodiscard]] std::chrono::microseconds Before(Timestamp time) const;
  // The moment before which so much trading lies: of a close and the open after it, the open. Never outside begin() and
  // end().
  [[nodiscard]] Timestamp After(std::chrono::microseconds trading) const;
  // `time` itself where there is trading, else the next open; end() where there is none.
  [[nodiscard]] Timestamp OpenAtOrAfter(Timestamp time) const;

 private:
  std::vector<calendar::Span> stretches_;
  std::vector<std::chrono::microseconds> before_;  // trading before each stretch
  std::chrono::microseconds total_{0};
};

}  // namespace papertape::market

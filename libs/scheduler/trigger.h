// When something is due: a cron line in UTC, or a moment of an exchange's trading days. Immutable and thread-safe.
//
// As text:
//   cron 30 3 * * mon-fri
//   22:00 UTC on trading days of XNYS         the day is the exchange's own
//   30 minutes after the close of XNSE        the early close of a short day
//   15 minutes before the open of XNYS
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "absl/status/statusor.h"
#include "libs/calendar/calendar.h"
#include "libs/scheduler/cron.h"

namespace papertape::scheduler {

// At this time of the UTC day that has the date of a trading day.
struct OnTradingDays {
  const calendar::Calendar* calendar;
  std::chrono::minutes at;
};
// So long after the close of each session; negative: before it.
struct AroundClose {
  const calendar::Calendar* calendar;
  std::chrono::minutes after;
};
struct AroundOpen {
  const calendar::Calendar* calendar;
  std::chrono::minutes after;
};

class Trigger {
 public:
  // INVALID_ARGUMENT that says what may be written.
  static absl::StatusOr<Trigger> Parse(std::string_view text);
  // The first moment after `time`, never `time` itself; nothing where the calendar ends.
  [[nodiscard]] std::optional<Timestamp> NextAfter(Timestamp time) const;
  // As it was parsed.
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  using When = std::variant<Cron, OnTradingDays, AroundClose, AroundOpen>;
  Trigger(std::string_view text, const When& when) : text_(text), when_(when) {}

  std::string text_;
  When when_;
};

}  // namespace papertape::scheduler

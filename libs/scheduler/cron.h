// Cron lines, read in UTC: minute, hour, day of month, month, day of week. Each is `*`, a number, `a-b`, `*/n`, or
// `a-b/n`, or several of them separated by commas. Months and weekdays may be named by three English letters. Sunday is
// both 0 and 7. As in cron, when both days are restricted either one is enough. Immutable and thread-safe.
#pragma once

#include <bitset>
#include <optional>
#include <string_view>

#include "absl/status/statusor.h"
#include "libs/clock/clock.h"

namespace papertape::scheduler {

class Cron {
 public:
  // INVALID_ARGUMENT that says which field is wrong and what it may be. A line that no day of eight years meets
  // (February 30) is wrong too.
  static absl::StatusOr<Cron> Parse(std::string_view line);
  // The first minute after `time`, never `time` itself, that the line names.
  [[nodiscard]] Timestamp NextAfter(Timestamp time) const;

 private:
  Cron() = default;
  [[nodiscard]] std::optional<Timestamp> Find(Timestamp from) const;
  [[nodiscard]] bool NamesDay(std::chrono::sys_days day) const;

  std::bitset<60> minutes_;
  std::bitset<24> hours_;
  std::bitset<32> days_;     // from 1
  std::bitset<13> months_;   // from 1
  std::bitset<7> weekdays_;  // Sunday is 0
  bool any_day_ = false;     // the field begins with `*`
  bool any_weekday_ = false;
};

}  // namespace papertape::scheduler

// Time is a parameter. Everything that needs the time takes a Clock; the system's clocks are read in clock.cpp alone.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace papertape {

// A moment in UTC, to the microsecond, which is what PostgreSQL keeps.
using Timestamp = std::chrono::time_point<std::chrono::system_clock, std::chrono::microseconds>;
// A moment that never goes back, for deadlines and latencies.
using Instant = std::chrono::steady_clock::time_point;

// Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual Timestamp Now() const = 0;
  [[nodiscard]] virtual Instant Steady() const = 0;
};

// The machine's clocks; lives as long as the process.
const Clock& SystemClock();

// At the system clock's own resolution, which gRPC asks for.
inline std::chrono::system_clock::time_point ToSystemTime(Timestamp time) { return time; }

std::int64_t MicrosSinceEpoch(Timestamp time);
Timestamp FromMicrosSinceEpoch(std::int64_t micros);

// RFC 3339 in UTC, fractions only where there are any: "2026-03-02T14:30:00Z", "2026-03-02T14:30:00.25Z".
std::string FormatRfc3339(Timestamp time);
// Appends the same to `out`; no allocation beyond it. For the years 1 to 9999.
void AppendRfc3339(Timestamp time, std::string& out);
// Any offset is accepted; the error does not name a field.
absl::StatusOr<Timestamp> ParseRfc3339(std::string_view text);
// "2026-03-02" as that day's midnight in UTC.
absl::StatusOr<Timestamp> ParseDate(std::string_view text);
std::string FormatDate(Timestamp time);

}  // namespace papertape

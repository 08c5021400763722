// The time zones of the exchanges, by their laws: daylight saving time of the United States since 1987, and India,
// which has none. The machine's own zone files are not asked, so every machine gives the same sessions; a test compares
// the laws with those files, hour by hour. Pure.
#pragma once

#include <chrono>
#include <cstdint>
#include <string_view>

#include "libs/clock/clock.h"

namespace papertape::calendar {

// A civil date on an exchange's own wall. It does not convert to an instant by itself: that takes a zone.
using Date = std::chrono::local_days;

enum class Zone : std::uint8_t { kNewYork, kKolkata };

// As the tz database spells it: "America/New_York".
std::string_view ZoneName(Zone zone);
// What the wall clock is ahead of UTC at `time`; negative in New York.
std::chrono::minutes OffsetAt(Zone zone, Timestamp time);
// The instant at which the clock on the wall says `since_midnight` on `date`. A time that the clock skips is taken as
// if the clock had not been put forward; of two equal ones the second is meant.
Timestamp ToInstant(Zone zone, Date date, std::chrono::minutes since_midnight);
Date DateAt(Zone zone, Timestamp time);

}  // namespace papertape::calendar

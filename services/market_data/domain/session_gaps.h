// Which days of an exchange's trading have no bar. Days are named as daily bars are: midnight UTC of the exchange's
// date. Pure.
#pragma once

#include <set>
#include <string_view>
#include <vector>

#include "libs/clock/clock.h"

namespace papertape::market {

// The days of trading from `first` to `last`, both inclusive, that were over at `now`, ascending. Where no calendar
// knows the exchange or the day, every day from Monday to Friday.
std::vector<Timestamp> FinishedSessions(std::string_view exchange, Timestamp first, Timestamp last, Timestamp now);

struct GapOptions {
  std::size_t most_sessions = 5'000;  // of one stretch
  // Gaps that lie apart by no more known sessions are asked for together: a request costs more than a bar.
  std::size_t joined_over = 10;
};

// Sessions that are asked for at once; those that have a bar already are not in it.
using Stretch = std::vector<Timestamp>;
// `sessions` without those in `known`, ascending.
std::vector<Stretch> GapsOf(const std::vector<Timestamp>& sessions, const std::set<Timestamp>& known,
                            const GapOptions& options);

}  // namespace papertape::market

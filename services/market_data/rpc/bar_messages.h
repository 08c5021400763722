// What requests for bars, and for what is computed of bars, have in common.
#pragma once

#include <cstdint>
#include <string>

#include "libs/status/status.h"
#include "services/market_data/domain/bar.h"

namespace papertape::market {

// The fields that name bars, borrowed from a request.
struct BarWords {
  const std::string& symbol;
  const std::string& start;
  const std::string& end;
  const std::string& interval;
  std::int64_t limit;
  const std::string& cursor;
  const std::string& adjusted;
  const std::string& as_of;
};
// Every wrong field is added to `wrong`.
BarQuery DecodeBars(const BarWords& words, Violations& wrong);

template <class Request>
BarQuery DecodeBars(const Request& request, Violations& wrong) {
  return DecodeBars(BarWords{.symbol = request.symbol(),
                             .start = request.start(),
                             .end = request.end(),
                             .interval = request.interval(),
                             .limit = request.limit(),
                             .cursor = request.cursor(),
                             .adjusted = request.adjusted(),
                             .as_of = request.as_of()},
                    wrong);
}

// How a bar is named: by its day, or by its start.
std::string NameOf(Timestamp time, bool dated);

}  // namespace papertape::market

// The stop or the target of a trade that its owner wrote down was reached.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "libs/clock/clock.h"
#include "libs/money/money.h"

namespace papertape::notification {

struct JournalNews {
  std::int64_t user_id = 0;
  std::string trade_id;
  std::string symbol;
  bool is_stop = true;                // false: the target
  Price price;                        // the last price that reached it
  std::string data;                   // the event as JSON
  std::optional<Timestamp> replayed;  // when, by the market's clock; absent in the live market
};

}  // namespace papertape::notification

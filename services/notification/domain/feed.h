// The user's feed: entries in the order in which they were committed, numbered without gaps.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "libs/clock/clock.h"

namespace papertape::notification {

// A stop or target that fired.
struct Alert {
  std::string ticker;
  std::string trade_id;
  std::string message;
};

// What an entry says.
struct Draft {
  std::int64_t user_id = 0;
  std::string type;     // trade_created, kyc_reviewed, ...: as the proto lists them
  std::string title;    // one line
  std::string message;  // one sentence
  std::string data;     // JSON
  std::optional<Alert> alert;
};

// One entry of a feed, as it was committed.
struct Entry {
  std::int64_t id = 0;   // of the whole service
  std::int64_t seq = 0;  // of the user: 1, 2, 3, ...
  std::int64_t user_id = 0;
  std::string type;
  std::string title;
  std::string message;
  std::string data;
  bool is_read = false;
  Timestamp created_at;
};

}  // namespace papertape::notification

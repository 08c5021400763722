// Rows of the table `events`, read back.
#pragma once

#include <string>
#include <string_view>

#include "libs/pg/pool.h"
#include "services/trade_engine/domain/event_log.h"

namespace papertape::trade_engine {

inline constexpr std::string_view kEventColumns =
    "session, user_id, account_seq, time, id, type, request_id, cause, payload, hash";

// Keeps what its LoggedEvent shows.
struct EventRow {
  EventRow(const pg::Rows& rows, std::size_t row);
  EventRow(const EventRow&) = delete;
  EventRow& operator=(const EventRow&) = delete;

  const std::string payload;
  const std::string hash;
  const LoggedEvent event;
};

}  // namespace papertape::trade_engine

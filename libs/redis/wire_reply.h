// What hiredis read, as ours. Included by this library's .cpp files only.
#pragma once

#include <hiredis/hiredis.h>

#include "absl/status/status.h"
#include "libs/redis/redis.h"

namespace papertape::redis {

// Fills `to`. An error of Redis is a status: UNAVAILABLE when it cannot serve now, else INTERNAL with its own words.
absl::Status FromWire(const redisReply& from, Reply& to);

}  // namespace papertape::redis

// The header Retry-After (RFC 9110, 10.2.3): seconds, or a date. Pure.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "libs/clock/clock.h"

namespace papertape::http {

// How long to wait from `now`, not less than nothing and at most a day; nothing when the text says neither.
std::optional<std::chrono::milliseconds> ParseRetryAfter(std::string_view text, Timestamp now);

}  // namespace papertape::http

// One-time passwords that follow the clock (RFC 6238, SHA-1, 30 seconds, six digits), as brokers ask for at a login.
// Pure.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "libs/clock/clock.h"

namespace papertape::market {

inline constexpr std::chrono::seconds kTotpStep{30};

// The bytes of a secret as it is given to people (RFC 4648): any case, spaces passed over, padding optional. Nothing
// for what is no Base32, or empty.
std::optional<std::string> DecodeBase32(std::string_view text);

// Which step `time` falls into; each has a code of its own.
std::int64_t TotpStepOf(Timestamp time);
// The code of a step, for a secret's bytes.
std::string TotpOf(std::string_view secret, std::int64_t step);

}  // namespace papertape::market

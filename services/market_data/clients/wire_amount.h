// Amounts as providers write them: JSON numbers with as many places as a double prints, or the same inside quotes.
// Pure.
#pragma once

#include <optional>
#include <string_view>

#include "libs/money/money.h"

namespace papertape::market {

// The decimal `text` ("187.1", "5.5099718e+07", "-3") in millionths, to the nearest, ties to the even neighbour.
// Nothing for what is no number, and for what does not fit.
std::optional<std::int64_t> NearestMicros(std::string_view text);

}  // namespace papertape::market

// Symbols and amounts as clients give them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "libs/money/money.h"
#include "libs/rpc/proto_types.h"
#include "libs/status/status.h"

namespace papertape::trade_engine {

inline constexpr std::int64_t kMostMicros = 1'000'000'000 * kMicrosPerUnit;  // of a price, a quantity, a deposit

// Upper case; a leading dot means the caret of an index: `.nsei` is `^NSEI`.
std::string ToSymbol(std::string symbol);
void CheckSymbol(const std::string& symbol, std::string_view field, Violations& violations);

// Absent stays absent; what is given must be more than 0 and at most a thousand million.
template <class Amount>
std::optional<Amount> Positive(bool is_set, const type::v1::Decimal& decimal, std::string_view field,
                               Violations& violations) {
  if (!is_set) return std::nullopt;
  violations.Check(decimal.micros() > 0 && decimal.micros() <= kMostMicros, field,
                   "must be more than 0 and at most 1000000000");
  return rpc::Decode<Amount>(decimal);
}

}  // namespace papertape::trade_engine

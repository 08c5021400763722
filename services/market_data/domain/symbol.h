// Symbols as people type them. Pure.
#pragma once

#include <string>
#include <string_view>

namespace papertape::market {

// The catalogue's form of `symbol`: upper case, and `.NSEI` (the dot of Reuters codes) as `^NSEI`.
// Longer than any symbol or with foreign characters: an empty string, which names nothing.
std::string NormalizeSymbol(std::string_view symbol);

}  // namespace papertape::market

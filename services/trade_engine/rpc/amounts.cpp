#include "services/trade_engine/rpc/amounts.h"

#include <algorithm>

namespace papertape::trade_engine {
namespace {

constexpr std::size_t kSymbolBytes = 32;

}  // namespace

std::string ToSymbol(std::string symbol) {
  std::transform(symbol.begin(), symbol.end(), symbol.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
  if (symbol.starts_with('.')) symbol[0] = '^';
  return symbol;
}

void CheckSymbol(const std::string& symbol, std::string_view field, Violations& violations) {
  if (!violations.Check(!symbol.empty(), field, "must be set")) return;
  const bool printable = std::all_of(symbol.begin(), symbol.end(), [](char c) { return c > ' ' && c < 0x7F; });
  violations.Check(printable && symbol.size() <= kSymbolBytes, field,
                   "must be at most 32 letters, digits or signs, such as AAPL or ^NSEI");
}

}  // namespace papertape::trade_engine

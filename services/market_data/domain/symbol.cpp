#include "services/market_data/domain/symbol.h"

namespace papertape::market {
namespace {

constexpr std::size_t kLongest = 32;

char ToUpper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

bool BelongsInSymbol(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '^' || c == '.' || c == '-' || c == '=' || c == '&' ||
         c == '_';
}

}  // namespace

std::string NormalizeSymbol(std::string_view symbol) {
  if (symbol.empty() || symbol.size() > kLongest) return {};
  std::string normal;
  normal.reserve(symbol.size());
  for (const char c : symbol) {
    normal.push_back(ToUpper(c));
    if (!BelongsInSymbol(normal.back())) return {};
  }
  if (normal.front() == '.') normal.front() = '^';
  return normal;
}

}  // namespace papertape::market

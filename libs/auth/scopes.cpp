#include "libs/auth/scopes.h"

#include <algorithm>
#include <array>

namespace papertape::auth {
namespace {

constexpr std::array kAll = {Scope::kRead, Scope::kWrite, Scope::kTrade};

}  // namespace

std::string_view ScopeName(Scope scope) {
  switch (scope) {
    case Scope::kRead:
      return "read";
    case Scope::kWrite:
      return "write";
    case Scope::kTrade:
      return "trade";
  }
  return "";
}

std::optional<Scope> ParseScope(std::string_view name) {
  for (const Scope scope : kAll) {
    if (name == ScopeName(scope)) return scope;
  }
  return std::nullopt;
}

Scopes Scopes::FromText(std::string_view text) {
  Scopes scopes;
  while (!text.empty()) {
    const std::string_view word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(text.size(), word.size() + 1));
    if (const std::optional<Scope> scope = ParseScope(word)) scopes.Add(*scope);
  }
  return scopes;
}

std::string Scopes::ToText() const {
  std::string text;
  for (const Scope scope : kAll) {
    if (!Has(scope)) continue;
    if (!text.empty()) text += ' ';
    text += ScopeName(scope);
  }
  return text;
}

}  // namespace papertape::auth

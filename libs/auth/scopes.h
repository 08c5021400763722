// What a token made from an API key may do. A plain value.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace papertape::auth {

enum class Scope : unsigned char { kRead = 1, kWrite = 2, kTrade = 4 };

std::string_view ScopeName(Scope scope);  // "read", "write", "trade"
std::optional<Scope> ParseScope(std::string_view name);

class Scopes {
 public:
  // Of words with a space between them, as in the claim `scp`; unknown words are passed over.
  static Scopes FromText(std::string_view text);
  void Add(Scope scope) { bits_ |= static_cast<unsigned>(scope); }
  [[nodiscard]] bool Has(Scope scope) const { return (bits_ & static_cast<unsigned>(scope)) != 0; }
  [[nodiscard]] std::string ToText() const;  // "read trade"
  friend bool operator==(const Scopes&, const Scopes&) = default;

 private:
  unsigned bits_ = 0;
};

}  // namespace papertape::auth

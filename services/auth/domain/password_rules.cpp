#include "services/auth/domain/password_rules.h"

namespace papertape::auth {
namespace {

constexpr std::size_t kPasswordMin = 8;  // bytes

}  // namespace

bool IsWholePassword(std::string_view password) {
  return password.size() <= kPasswordMaxBytes && password.find('\0') == std::string_view::npos;
}

void PasswordRules::Check(std::string_view password, std::string_view field, Violations& violations) const {
  const bool fits = violations.Check(password.size() >= kPasswordMin && IsWholePassword(password), field,
                                     "must be 8 to 72 bytes long, none of them zero");
  if (fits && is_common_) {
    violations.Check(!is_common_(password), field, "is one of the most common passwords; choose another");
  }
}

}  // namespace papertape::auth

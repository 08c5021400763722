// What is asked of a new password. Pure.
#pragma once

#include <cstddef>
#include <functional>
#include <string_view>

#include "libs/status/status.h"

namespace papertape::auth {

// bcrypt reads no more of a password: a longer one would match its own beginning.
inline constexpr std::size_t kPasswordMaxBytes = 72;
// False for what no password can be: too long, or with a zero byte.
bool IsWholePassword(std::string_view password);

class PasswordRules {
 public:
  // Whether a password is one of those that everybody chooses. Thread-safe; none: no password is.
  using IsCommon = std::function<bool(std::string_view)>;
  explicit PasswordRules(IsCommon is_common = {}) : is_common_(std::move(is_common)) {}
  // Adds what is wrong with the password, under the field's name.
  void Check(std::string_view password, std::string_view field, Violations& violations) const;

 private:
  IsCommon is_common_;
};

}  // namespace papertape::auth

// What a new user gives, and what is allowed of it. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "services/auth/domain/password_rules.h"

namespace papertape::auth {

struct Registration {
  std::string email;
  std::string password;
  std::optional<std::string> username;
  std::optional<std::string> name;
  std::optional<std::string> phone;
};

// The registration as it will be stored: address in lower case, surrounding spaces of texts gone, empty texts absent.
// Otherwise one error that names every field that is not valid, in the order above.
absl::StatusOr<Registration> Normalize(Registration registration, const PasswordRules& rules);

// Surrounding spaces gone; absent when nothing is left.
std::optional<std::string> Trimmed(const std::optional<std::string>& text);
// One error that names every field of a profile that is not valid.
absl::Status CheckProfile(const std::string& username, const std::optional<std::string>& name,
                          const std::optional<std::string>& phone);

// One `@` between a local part and a domain name, nothing that a mail's header could not hold; what a mail server makes
// of it is for a mail to find out.
bool IsEmail(std::string_view email);
// ASCII letters in lower case: addresses are kept and looked for so.
std::string LowerCase(std::string_view text);

// A username for someone who chose none: made of the name, else of the address before its `@`; always valid.
std::string UsernameFor(const Registration& registration);
// Another candidate when that one is taken: the same name with four digits made of `bits`.
std::string UsernameWithDigits(std::string_view username, std::uint64_t bits);

}  // namespace papertape::auth

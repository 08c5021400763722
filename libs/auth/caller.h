// Who is calling, and whom a `{user_id}` names.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "libs/auth/scopes.h"
#include "libs/clock/clock.h"

namespace papertape::auth {

enum class Role { kUser, kAuthor, kAdmin };

std::string_view RoleName(Role role);  // "user", "author", "admin"
// kUser for a word that is none of the three.
Role ParseRole(std::string_view name);

// The owner of a verified token. `user_id` 0 is nobody: a public call without credentials, or another service.
struct Caller {
  std::int64_t user_id = 0;
  std::string email;
  Role role = Role::kUser;
  std::string token_id;    // `jti`
  std::string session_id;  // `sid`: the session that the token belongs to, and ends with
  // Of a token made from an API key; a session's token has none and may do all.
  std::optional<Scopes> scopes;
  Timestamp expires_at;
  bool is_service = false;  // vouched for by the suite's secret
  [[nodiscard]] bool signed_in() const { return user_id != 0; }
  // An API key never is one, whoever owns it.
  [[nodiscard]] bool is_admin() const { return role == Role::kAdmin && !scopes; }
  [[nodiscard]] bool may(Scope scope) const { return !scopes || scopes->Has(scope); }
};

// The user that `reference` (the numeric id, the caller's e-mail address, or `me`) names, if the caller may act for
// them: themselves, or anyone's numeric id for an administrator. PERMISSION_DENIED otherwise.
absl::StatusOr<std::int64_t> ResolveUser(const Caller& caller, std::string_view reference);

}  // namespace papertape::auth

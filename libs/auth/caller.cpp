#include "libs/auth/caller.h"

#include <charconv>

#include "libs/status/status.h"

namespace papertape::auth {

std::string_view RoleName(Role role) {
  switch (role) {
    case Role::kUser:
      return "user";
    case Role::kAuthor:
      return "author";
    case Role::kAdmin:
      return "admin";
  }
  return "user";
}

Role ParseRole(std::string_view name) {
  if (name == RoleName(Role::kAdmin)) return Role::kAdmin;
  return name == RoleName(Role::kAuthor) ? Role::kAuthor : Role::kUser;
}

absl::StatusOr<std::int64_t> ResolveUser(const Caller& caller, std::string_view reference) {
  if (!caller.signed_in()) return Error(Reason::kUNAUTHENTICATED);
  if (reference == "me" || reference == caller.email) return caller.user_id;
  std::int64_t user_id = 0;
  const auto [end, error] = std::from_chars(reference.data(), reference.data() + reference.size(), user_id);
  const bool is_number = error == std::errc() && end == reference.data() + reference.size() && user_id > 0;
  if (is_number && (user_id == caller.user_id || caller.is_admin())) return user_id;
  return Error(Reason::kPERMISSION_DENIED, "`user_id` must be your own id or e-mail address, or `me`.");
}

}  // namespace papertape::auth

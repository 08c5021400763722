#include "services/auth/domain/administration.h"

#include <algorithm>
#include <array>

#include "libs/status/status.h"
#include "services/auth/domain/registration.h"

namespace papertape::auth {
namespace {

// Clocks differ, and so much later a token is taken somewhere.
constexpr std::chrono::seconds kTolerance{120};
constexpr std::array<std::string_view, 3> kRoles = {"user", "author", "admin"};  // each may do what those before it may

std::ptrdiff_t RankOf(std::string_view role) {
  return std::distance(kRoles.begin(), std::find(kRoles.begin(), kRoles.end(), role));
}

}  // namespace

bool IsDemotion(std::string_view from, std::string_view to) { return RankOf(to) < RankOf(from); }

absl::StatusOr<RoleChanged> Administration::SetRole(std::string_view email, const std::string& role,
                                                    const Origin& from) {
  if (RankOf(role) == static_cast<std::ptrdiff_t>(kRoles.size())) {
    return InvalidField("role", "must be `user`, `author` or `admin`");
  }
  const Timestamp now = ports_.clock.Now();
  const RoleChange change{.email = LowerCase(email),
                          .role = role,
                          .now = now,
                          .tokens_until = now + ports_.tokens.Life() + kTolerance,
                          .from = from};
  PT_ASSIGN_OR_RETURN(RoleChanged changed, ports_.roles.SetRole(change));
  if (!changed.ended_sessions.empty()) ports_.notice.Ended(changed.ended_sessions, change.tokens_until);
  return changed;
}

absl::StatusOr<AuditPage> Administration::ListAudit(AuditFilter filter, std::string_view email) {
  if (!email.empty()) {
    PT_ASSIGN_OR_RETURN(const std::optional<StoredUser> user, ports_.users.FindByEmail(LowerCase(email)));
    if (!user) return Error(Reason::kUSER_NOT_FOUND);
    filter.user_id = user->user.id;
  }
  return ports_.audit.List(filter);
}

}  // namespace papertape::auth

#include "services/auth/clients/jwt_issuer.h"

#include "libs/status/status.h"

namespace papertape::auth {
namespace {

constexpr std::size_t kTokenIdBytes = 16;

}  // namespace

absl::StatusOr<AccessToken> JwtIssuer::Issue(const User& user, const std::string& session_id) {
  return Sign({.user_id = user.id,
               .email = user.email,
               .role = ParseRole(user.role),
               .token_id = RandomHex(random_, kTokenIdBytes),
               .session_id = session_id,
               .scopes = std::nullopt},
              life_);
}

absl::StatusOr<AccessToken> JwtIssuer::IssueFor(const User& owner, const ApiKey& key, std::chrono::seconds life) {
  Scopes scopes;
  for (const std::string& word : key.scopes) {
    if (const std::optional<Scope> scope = ParseScope(word)) scopes.Add(*scope);
  }
  return Sign({.user_id = owner.id,
               .email = owner.email,
               .role = ParseRole(owner.role),
               .token_id = RandomHex(random_, kTokenIdBytes),
               .session_id = SessionOfKey(key.id),
               .scopes = scopes},
              life);
}

absl::StatusOr<AccessToken> JwtIssuer::Sign(const Claims& claims, std::chrono::seconds life) {
  PT_ASSIGN_OR_RETURN(std::string text, signer_.Sign(claims, life));
  return AccessToken{.text = std::move(text), .life = life};
}

}  // namespace papertape::auth

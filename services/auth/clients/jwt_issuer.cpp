#include "services/auth/clients/jwt_issuer.h"

#include "libs/status/status.h"

namespace papertape::auth {
namespace {

constexpr std::size_t kTokenIdBytes = 16;

}  // namespace

absl::StatusOr<AccessToken> JwtIssuer::Issue(const User& user, const std::string& session_id) {
  const Claims claims{.user_id = user.id,
                      .email = user.email,
                      .role = ParseRole(user.role),
                      .token_id = RandomHex(random_, kTokenIdBytes),
                      .session_id = session_id};
  PT_ASSIGN_OR_RETURN(std::string text, signer_.Sign(claims, life_));
  return AccessToken{.text = std::move(text), .life = life_};
}

}  // namespace papertape::auth

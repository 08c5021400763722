#include <iostream>

#include "cli/commands.h"
#include "fmt/format.h"
#include "libs/status/status.h"

namespace papertape::cli {

int Refused(const absl::Status& why) {
  std::cerr << "papertape: " << MessageOf(why) << '\n';
  for (const FieldViolation& violation : DetailsOf(why).violations) {
    std::cerr << "  " << violation.field << " " << violation.message << '\n';
  }
  return 1;
}

int SetRole(OperatorClient& suite, const std::string& email, const std::string& role) {
  auth::v1::SetRoleRequest request;
  request.set_email(email);
  request.set_role(role);
  const auto changed = suite.SetRole(request);
  if (!changed.ok() && ReasonOf(changed.status()) == Reason::kUSER_NOT_FOUND) {
    std::cerr << "papertape: nobody has registered as " << email << "; register first: POST /auth/register\n";
    return 1;
  }
  if (!changed.ok()) return Refused(changed.status());
  if (changed->previous_role() == changed->role()) {
    std::cout << fmt::format("{} (user {}) is {} already; nothing has changed\n", changed->email(), changed->user_id(),
                             changed->role());
    return 0;
  }
  std::cout << fmt::format("{} (user {}): {} -> {}\n", changed->email(), changed->user_id(), changed->previous_role(),
                           changed->role());
  if (changed->sessions_ended() > 0 || changed->keys_revoked() > 0) {
    std::cout << fmt::format("It holds at once. Sessions ended: {}, API keys revoked: {}\n", changed->sessions_ended(),
                             changed->keys_revoked());
  } else {
    std::cout << "The next sign-in or refresh says so.\n";
  }
  return 0;
}

}  // namespace papertape::cli

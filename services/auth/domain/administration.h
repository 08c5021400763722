// What administrators and the operator do with accounts: roles, and the audit log. Thread-safe if its ports are.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "libs/clock/clock.h"
#include "services/auth/domain/audit_reader.h"
#include "services/auth/domain/ports.h"

namespace papertape::auth {

struct RoleChange {
  std::string email;
  std::string role;
  Timestamp now;
  Timestamp tokens_until;  // by then every access token of today has expired
  Origin from;
};

struct RoleChanged {
  User user;  // as it is now
  std::string previous_role;
  std::vector<std::string> ended_sessions;  // as their tokens name them, those of API keys too
  std::int64_t keys_revoked = 0;
};

class RoleStore {
 public:
  virtual ~RoleStore() = default;
  // Changes the role and records it; where it is lower than before, all sessions and API keys of the user end in the
  // same transaction. Nothing happens when it is the same. USER_NOT_FOUND.
  virtual absl::StatusOr<RoleChanged> SetRole(const RoleChange& change) = 0;
};

// `to` may do less than `from`. Both are roles.
bool IsDemotion(std::string_view from, std::string_view to);

class Administration {
 public:
  struct Ports {
    UserStore& users;
    RoleStore& roles;
    AuditReader& audit;
    TokenIssuer& tokens;
    EndNotice& notice;
    const Clock& clock;
  };
  explicit Administration(Ports ports) : ports_(ports) {}

  // INVALID_ARGUMENT for a word that is no role, USER_NOT_FOUND. A higher role holds from the next token on, a lower
  // one at once.
  absl::StatusOr<RoleChanged> SetRole(std::string_view email, const std::string& role, const Origin& from);
  absl::StatusOr<AuditFinding> CheckAudit(const AuditStretch& stretch) { return ports_.audit.Check(stretch); }
  // Of the user with this address, unless it is empty; USER_NOT_FOUND.
  absl::StatusOr<AuditPage> ListAudit(AuditFilter filter, std::string_view email);

 private:
  const Ports ports_;
};

}  // namespace papertape::auth

// What the audit log keeps: who did what to which account, from where. Written in the transaction of the deed, never
// changed after it. No secret, code or document is ever part of an entry.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "libs/clock/clock.h"

namespace papertape::auth {

enum class Actor {
  kNobody,    // a caller without credentials
  kUser,      // the owner of a token
  kOperator,  // whoever runs the installation, by its command line
};
std::string_view ActorName(Actor actor);  // "nobody", "user", "operator"

// Who asks for something, and from where.
struct Origin {
  Actor actor = Actor::kNobody;
  std::int64_t user_id = 0;  // the acting user's; 0 for the others
  std::string client_address;
  std::string request_id;
};

// The deeds. A new one is added here, as "subject.what_happened".
namespace deed {
inline constexpr std::string_view kRegistered = "user.registered";
inline constexpr std::string_view kRoleChanged = "user.role_changed";
inline constexpr std::string_view kPasswordChanged = "password.changed";
inline constexpr std::string_view kPasswordReset = "password.reset";
inline constexpr std::string_view kSignedIn = "login.succeeded";
inline constexpr std::string_view kSignInRefused = "login.refused";
inline constexpr std::string_view kLockedOut = "login.locked_out";
inline constexpr std::string_view kSignedOut = "session.ended";
inline constexpr std::string_view kRefreshReused = "session.refresh_reused";
inline constexpr std::string_view kEmailVerified = "email.verified";
inline constexpr std::string_view kKeyCreated = "api_key.created";
inline constexpr std::string_view kKeyRevoked = "api_key.revoked";
inline constexpr std::string_view kDocumentUploaded = "kyc.uploaded";
inline constexpr std::string_view kDocumentReviewed = "kyc.reviewed";
inline constexpr std::string_view kDocumentRead = "kyc.document_read";
}  // namespace deed

struct AuditEntry {
  Origin by;
  std::string_view action;                                  // one of the deeds
  std::int64_t subject_id = 0;                              // the user whose account it is about; 0: nobody's
  std::vector<std::pair<std::string, std::string>> detail;  // more words, in order
};

// A row as it is stored and hashed.
struct AuditRow {
  std::int64_t number = 0;  // 1, 2, 3, ... without gaps
  Timestamp at;
  std::string actor;
  std::int64_t actor_id = 0;
  std::string action;
  std::int64_t subject_id = 0;
  std::string client_address;
  std::string request_id;
  std::string detail;  // a JSON object, as text
  std::string hash;    // of the row before and of all of the above
};

// Where the chain ends; an empty log has number 0 and no hash.
struct AuditHead {
  std::int64_t number = 0;
  std::string hash;
};

// For deeds that have no other effect to share a transaction with.
class AuditLog {
 public:
  virtual ~AuditLog() = default;
  virtual absl::Status Record(const AuditEntry& entry) = 0;
};

}  // namespace papertape::auth

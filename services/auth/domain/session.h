// Sessions: what is stored of them, how they are renewed and how they end.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libs/clock/clock.h"
#include "services/auth/domain/audit.h"
#include "services/auth/domain/user.h"

namespace papertape::auth {

struct AccessToken {
  std::string text;
  std::chrono::seconds life{0};
};

// What a client gets when it signs in, and when it renews.
struct Session {
  User user;
  std::string id;  // `sid` of its access tokens
  AccessToken token;
  std::string refresh_token;  // good for one renewal
};

// A session that begins, with its first refresh token.
struct NewSession {
  std::string id;
  std::int64_t user_id = 0;
  std::string refresh_digest;  // SHA-256, in hexadecimal
  Timestamp now;
  Timestamp expires_at;
  AuditEntry entry;
};

// Why sessions end before their time.
enum class EndReason { kLogout, kReuse, kPassword, kAdministrator };

// The end of sessions.
struct Ending {
  EndReason reason = EndReason::kLogout;
  Timestamp now;
  Timestamp tokens_until;  // by then their last access token has expired
  AuditEntry entry;        // recorded with it
};

// A refresh token for the next.
struct Rotation {
  std::string spent_digest;
  std::string next_digest;
  Timestamp expires_at;  // of the next
  Ending on_reuse;       // also when the rotation happens
};

enum class RotationOutcome {
  kRotated,
  kUnknown,
  kExpired,
  kEnded,   // the session had ended before
  kReused,  // spent before; the session has ended now
};

struct Rotated {
  RotationOutcome outcome = RotationOutcome::kUnknown;
  std::string session_id;    // of a known token
  std::optional<User> user;  // when rotated
};

// A password for another.
struct PasswordChange {
  std::int64_t user_id = 0;
  std::string stored_hash;  // what it must be still; empty: the account had none
  std::string new_hash;
  std::string kept_session;  // goes on; all others of the user end
  std::string_view deed = deed::kPasswordChanged;
};

// A session whose access tokens are refused until they have expired.
struct EndedSession {
  std::string id;
  std::int64_t user_id = 0;
  Timestamp tokens_until;
};

}  // namespace papertape::auth

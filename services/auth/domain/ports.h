// What the domain needs of the world. Implementations are thread-safe.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "libs/idempotency/repeatable.h"
#include "services/auth/domain/audit.h"
#include "services/auth/domain/session.h"
#include "services/auth/domain/user.h"

namespace papertape::auth {

using idempotency::Repeatable;

class UserStore {
 public:
  virtual ~UserStore() = default;
  // Stores a user (the id and the time of creation are the store's to give), once for each repeatable request, and the
  // entry, whose subject the user becomes. IDEMPOTENCY_CONFLICT, EMAIL_TAKEN or USERNAME_TAKEN, in this order.
  virtual absl::StatusOr<User> Insert(const StoredUser& user, const Repeatable<User>& repeatable,
                                      const AuditEntry& entry) = 0;
  // `email` in lower case; usernames match whatever their case.
  virtual absl::StatusOr<std::optional<StoredUser>> FindByEmail(std::string_view email) = 0;
  virtual absl::StatusOr<std::optional<StoredUser>> FindByUsername(std::string_view username) = 0;
  virtual absl::StatusOr<std::optional<User>> FindById(std::int64_t user_id) = 0;
  virtual absl::StatusOr<std::optional<StoredUser>> FindStored(std::int64_t user_id) = 0;
  // Stores name, telephone number and username of the user. USERNAME_TAKEN, USER_NOT_FOUND.
  virtual absl::Status UpdateProfile(const User& user) = 0;
  // The user's address is confirmed from now on; kept together with the entry.
  virtual absl::Status MarkVerified(std::int64_t user_id, const AuditEntry& entry) = 0;
  // Puts `renewed` in the place of `stored`, unless the hash has changed meanwhile.
  virtual absl::Status ReplaceHash(std::int64_t user_id, std::string_view stored, std::string_view renewed) = 0;
};

class PasswordHasher {
 public:
  virtual ~PasswordHasher() = default;
  // Slow by intent. `password` has no zero byte and at most 72 bytes.
  virtual absl::StatusOr<std::string> Hash(std::string_view password) = 0;
  // As slow. False for a hash that is not one.
  virtual bool Matches(std::string_view password, std::string_view hash) = 0;
  // True for a hash that was made with another cost than new ones are.
  virtual bool IsOutdated(std::string_view hash) = 0;
  // A hash that costs what a real one costs and that no password matches.
  virtual std::string_view Decoy() = 0;
};

class TokenIssuer {
 public:
  virtual ~TokenIssuer() = default;
  virtual absl::StatusOr<AccessToken> Issue(const User& user, const std::string& session_id) = 0;
  // How long its tokens live.
  [[nodiscard]] virtual std::chrono::seconds Life() const = 0;
};

class SessionStore {
 public:
  virtual ~SessionStore() = default;
  virtual absl::Status Insert(const NewSession& session) = 0;
  // Of several at once with one token exactly one rotates; the next ends the session.
  virtual absl::StatusOr<Rotated> Rotate(const Rotation& rotation) = 0;
  // Ends the session, and that of the refresh token with `refresh_digest` (unless empty), if they are the user's and
  // run. Those that ended by this call.
  virtual absl::StatusOr<std::vector<std::string>> End(std::int64_t user_id, const std::string& session_id,
                                                       const std::string& refresh_digest, const Ending& ending) = 0;
  // Ends all sessions of the user but `kept` (empty: all).
  virtual absl::StatusOr<std::vector<std::string>> EndAll(std::int64_t user_id, const std::string& kept,
                                                          const Ending& ending) = 0;
  // Stores the hash and ends the other sessions, or neither: CONFLICT when the hash has changed meanwhile.
  virtual absl::StatusOr<std::vector<std::string>> ReplacePassword(const PasswordChange& change,
                                                                   const Ending& ending) = 0;
  // The sessions and API keys that have ended while access tokens of theirs may live.
  virtual absl::StatusOr<std::vector<EndedSession>> FindEnded(Timestamp now) = 0;
  // Tells of those once more.
  virtual absl::Status TellAgain(const std::vector<EndedSession>& ended, Timestamp now) = 0;
  // Erases some of the sessions and tokens that nobody can use any more; how many.
  virtual absl::StatusOr<std::int64_t> EraseExpired(Timestamp now) = 0;
};

// Makes the end of sessions felt: here at once, elsewhere as soon as the stored event travels.
class EndNotice {
 public:
  virtual ~EndNotice() = default;
  virtual void Ended(const std::vector<std::string>& session_ids, Timestamp tokens_until) = 0;
};

}  // namespace papertape::auth

// What the domain needs of the world. Implementations are thread-safe.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "libs/idempotency/repeatable.h"
#include "services/auth/domain/audit.h"
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

struct AccessToken {
  std::string text;
  std::chrono::seconds life{0};
};

class TokenIssuer {
 public:
  virtual ~TokenIssuer() = default;
  virtual absl::StatusOr<AccessToken> Issue(const User& user) = 0;
};

}  // namespace papertape::auth

// API keys: what programs sign in with. Plain values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "libs/clock/clock.h"
#include "services/auth/domain/user.h"

namespace papertape::auth {

struct ApiKey {
  std::string id;  // public: `pk_` and 24 hexadecimal digits
  std::int64_t user_id = 0;
  std::string name;
  std::vector<std::string> scopes;  // `read`, `write`, `trade`, in this order
  Timestamp created_at;
  std::optional<Timestamp> expires_at;
  std::optional<Timestamp> last_used_at;
};

// A key as it is kept: of its secret no more than the SHA-256. That is enough, for the secret is 256 random bits: there
// is nothing to guess that a slow hash would protect.
struct StoredApiKey {
  ApiKey key;
  std::string secret_digest;
};

// A key that is presented, with its owner.
struct UsableApiKey {
  StoredApiKey stored;
  User owner;
};

// What the owner of a new key says of it.
struct ApiKeyWish {
  std::int64_t user_id = 0;
  std::string name;
  std::vector<std::string> scopes;
  std::optional<Timestamp> expires_at;
};

// The `sid` of access tokens made from a key.
inline std::string SessionOfKey(const std::string& key_id) { return "key-" + key_id; }

}  // namespace papertape::auth

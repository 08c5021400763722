// Makes, lists, revokes and exchanges API keys. Thread-safe if its ports are.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "libs/clock/clock.h"
#include "libs/ids/ids.h"
#include "services/auth/domain/api_key.h"
#include "services/auth/domain/api_key_ports.h"
#include "services/auth/domain/ports.h"

namespace papertape::auth {

// A key just made. The secret is nowhere else; empty when the request was a repetition.
struct NewApiKey {
  ApiKey key;
  std::string secret;  // `sk_` and 64 hexadecimal digits
};

// What a key is exchanged for.
struct KeyToken {
  AccessToken token;
  std::vector<std::string> scopes;
};

class ApiKeys {
 public:
  static constexpr std::size_t kKeysOfAUser = 20;

  struct Ports {
    ApiKeyStore& store;
    KeyTokenIssuer& tokens;
    EndNotice& notice;
    const Clock& clock;
    RandomBits random;                                    // thread-safe; makes ids and secrets
    std::function<std::string(std::string_view)> digest;  // SHA-256, in hexadecimal
  };
  explicit ApiKeys(Ports ports) : ports_(std::move(ports)) {}

  // INVALID_ARGUMENT (all fields at once), IDEMPOTENCY_CONFLICT, TOO_MANY_API_KEYS.
  absl::StatusOr<NewApiKey> Create(const ApiKeyWish& wish, const Origin& from, const Repeatable<ApiKey>& repeatable);
  // Newest first.
  absl::StatusOr<std::vector<ApiKey>> List(std::int64_t user_id) { return ports_.store.List(user_id); }
  // Of the user's own keys; API_KEY_NOT_FOUND. Tokens made of the key are refused everywhere.
  absl::Status Revoke(std::int64_t user_id, const std::string& key_id, const Origin& from);
  // INVALID_API_KEY, whatever is wrong with key, secret or owner. The token lives no longer than the key.
  absl::StatusOr<KeyToken> Exchange(const std::string& key_id, std::string_view secret);

 private:
  const Ports ports_;
};

}  // namespace papertape::auth

// What API keys need of the world. Implementations are thread-safe.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "libs/clock/clock.h"
#include "services/auth/domain/api_key.h"
#include "services/auth/domain/ports.h"

namespace papertape::auth {

// The end of a key, and of the tokens made from it.
struct KeyEnding {
  Timestamp now;
  Timestamp tokens_until;  // by then the last token has expired
  Origin from;
};

class ApiKeyStore {
 public:
  virtual ~ApiKeyStore() = default;
  // Stores a key, once for each repeatable request, with its entry in the audit log. IDEMPOTENCY_CONFLICT;
  // TOO_MANY_API_KEYS when the user has `most` already, however many are made at once.
  virtual absl::StatusOr<ApiKey> Insert(const StoredApiKey& stored, std::size_t most,
                                        const Repeatable<ApiKey>& repeatable, const Origin& from) = 0;
  // The keys that are not revoked, newest first.
  virtual absl::StatusOr<std::vector<ApiKey>> List(std::int64_t user_id) = 0;
  // Revokes the user's key and tells every process that its tokens are no good. API_KEY_NOT_FOUND.
  virtual absl::Status Revoke(std::int64_t user_id, const std::string& key_id, const KeyEnding& ending) = 0;
  // A key that is not revoked.
  virtual absl::StatusOr<std::optional<UsableApiKey>> Find(const std::string& key_id) = 0;
  virtual absl::Status NoteUse(const std::string& key_id, Timestamp now) = 0;
};

class KeyTokenIssuer {
 public:
  virtual ~KeyTokenIssuer() = default;
  // An access token of the key's session with its scopes, for `life` at most.
  virtual absl::StatusOr<AccessToken> IssueFor(const User& owner, const ApiKey& key, std::chrono::seconds life) = 0;
  // How long its tokens live when nothing shortens it.
  [[nodiscard]] virtual std::chrono::seconds Life() const = 0;
};

}  // namespace papertape::auth

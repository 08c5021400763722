// In place of the table of API keys, in memory. Thread-safe, as the port asks.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "services/auth/domain/api_key_ports.h"

namespace papertape::auth {

// Keeps what PgApiKeyStore keeps; the owners are those of `users`.
class FakeApiKeyStore final : public ApiKeyStore {
 public:
  explicit FakeApiKeyStore(UserStore& users) : users_(users) {}
  absl::StatusOr<ApiKey> Insert(const StoredApiKey& stored, std::size_t most, const Repeatable<ApiKey>& repeatable,
                                const Origin& from) override;
  absl::StatusOr<std::vector<ApiKey>> List(std::int64_t user_id) override;
  absl::Status Revoke(std::int64_t user_id, const std::string& key_id, const KeyEnding& ending) override;
  absl::StatusOr<std::optional<UsableApiKey>> Find(const std::string& key_id) override;
  absl::Status NoteUse(const std::string& key_id, Timestamp now) override;

 private:
  UserStore& users_;
  std::mutex mutex_;
  std::map<std::string, StoredApiKey> keys_;    // those that are not revoked, by id
  std::map<std::string, std::string> answers_;  // by Idempotency-Key
};

// Says what it was asked for, in place of signing.
class FakeKeyTokenIssuer final : public KeyTokenIssuer {
 public:
  absl::StatusOr<AccessToken> IssueFor(const User& owner, const ApiKey& key, std::chrono::seconds life) override {
    return AccessToken{.text = "token of " + owner.email + " by " + key.id, .life = life};
  }
  [[nodiscard]] std::chrono::seconds Life() const override { return std::chrono::minutes(10); }
};

// A request that makes a key and may be repeated; what is kept is the key's id and name.
Repeatable<ApiKey> KeyedApiKey(const std::string& key, const std::string& fingerprint);

// What every ApiKeyStore keeps to. `owner` and `other` are users; there are no keys at first.
void CheckApiKeyStoreContract(ApiKeyStore& store, std::int64_t owner, std::int64_t other);

}  // namespace papertape::auth

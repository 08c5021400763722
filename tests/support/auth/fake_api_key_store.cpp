#include "tests/support/auth/fake_api_key_store.h"

#include <algorithm>

#include "libs/status/status.h"

namespace papertape::auth {

absl::StatusOr<ApiKey> FakeApiKeyStore::Insert(const StoredApiKey& stored, std::size_t most,
                                               const Repeatable<ApiKey>& repeatable, const Origin& /*from*/) {
  const std::lock_guard lock(mutex_);
  if (const auto kept = answers_.find(repeatable.key.text); kept != answers_.end()) {
    return repeatable.decode(kept->second);
  }
  const auto owned = std::count_if(keys_.begin(), keys_.end(),
                                   [&](const auto& entry) { return entry.second.key.user_id == stored.key.user_id; });
  if (owned >= static_cast<std::ptrdiff_t>(most)) return Error(Reason::kTOO_MANY_API_KEYS);
  keys_[stored.key.id] = stored;
  if (!repeatable.key.empty()) answers_[repeatable.key.text] = repeatable.encode(stored.key);
  return stored.key;
}

absl::StatusOr<std::vector<ApiKey>> FakeApiKeyStore::List(std::int64_t user_id) {
  const std::lock_guard lock(mutex_);
  std::vector<ApiKey> keys;
  for (const auto& [id, stored] : keys_) {
    if (stored.key.user_id == user_id) keys.push_back(stored.key);
  }
  std::sort(keys.begin(), keys.end(), [](const ApiKey& a, const ApiKey& b) { return a.created_at > b.created_at; });
  return keys;
}

absl::Status FakeApiKeyStore::Revoke(std::int64_t user_id, const std::string& key_id, const KeyEnding& /*ending*/) {
  const std::lock_guard lock(mutex_);
  const auto found = keys_.find(key_id);
  if (found == keys_.end() || found->second.key.user_id != user_id) return Error(Reason::kAPI_KEY_NOT_FOUND);
  keys_.erase(found);
  return absl::OkStatus();
}

absl::StatusOr<std::optional<UsableApiKey>> FakeApiKeyStore::Find(const std::string& key_id) {
  const std::lock_guard lock(mutex_);
  const auto found = keys_.find(key_id);
  if (found == keys_.end()) return std::optional<UsableApiKey>();
  PT_ASSIGN_OR_RETURN(const std::optional<User> owner, users_.FindById(found->second.key.user_id));
  return std::optional<UsableApiKey>({.stored = found->second, .owner = *owner});
}

absl::Status FakeApiKeyStore::NoteUse(const std::string& key_id, Timestamp now) {
  const std::lock_guard lock(mutex_);
  keys_.at(key_id).key.last_used_at = now;
  return absl::OkStatus();
}

}  // namespace papertape::auth

#include "tests/support/auth/fakes.h"

#include <algorithm>

#include "libs/status/status.h"

namespace papertape::auth {
namespace {

std::string Lower(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return lower;
}

}  // namespace

absl::StatusOr<User> FakeUserStore::Insert(const StoredUser& user, const Repeatable<User>& repeatable,
                                           const AuditEntry& entry) {
  const std::lock_guard lock(mutex_);
  const auto kept = answers_.find(repeatable.key.text);
  if (kept != answers_.end()) {
    if (kept->second.fingerprint != repeatable.key.fingerprint) return Error(Reason::kIDEMPOTENCY_CONFLICT);
    return repeatable.decode(kept->second.answer);
  }
  PT_ASSIGN_OR_RETURN(const User inserted, InsertNew(user, entry));
  if (!repeatable.key.empty()) {
    answers_[repeatable.key.text] = {.fingerprint = repeatable.key.fingerprint, .answer = repeatable.encode(inserted)};
  }
  return inserted;
}

absl::StatusOr<User> FakeUserStore::InsertNew(const StoredUser& user, AuditEntry entry) {
  for (const auto& [id, other] : users_) {
    if (other.user.email == user.user.email) return Error(Reason::kEMAIL_TAKEN);
  }
  for (const auto& [id, other] : users_) {
    if (Lower(other.user.username) == Lower(user.user.username)) return Error(Reason::kUSERNAME_TAKEN);
  }
  StoredUser stored = user;
  stored.user.id = static_cast<std::int64_t>(users_.size()) + 1;
  users_[stored.user.id] = stored;
  entry.subject_id = stored.user.id;
  entries.push_back(std::move(entry));
  return stored.user;
}

absl::Status FakeAuditLog::Record(const AuditEntry& entry) {
  const std::lock_guard lock(mutex_);
  entries.push_back(entry);
  return absl::OkStatus();
}

absl::StatusOr<std::optional<StoredUser>> FakeUserStore::FindByEmail(std::string_view email) {
  const std::lock_guard lock(mutex_);
  for (const auto& [id, stored] : users_) {
    if (stored.user.email == email) return std::optional<StoredUser>(stored);
  }
  return std::optional<StoredUser>();
}

absl::StatusOr<std::optional<StoredUser>> FakeUserStore::FindByUsername(std::string_view username) {
  const std::lock_guard lock(mutex_);
  for (const auto& [id, stored] : users_) {
    if (Lower(stored.user.username) == Lower(username)) return std::optional<StoredUser>(stored);
  }
  return std::optional<StoredUser>();
}

absl::StatusOr<std::optional<User>> FakeUserStore::FindById(std::int64_t user_id) {
  const std::lock_guard lock(mutex_);
  const auto found = users_.find(user_id);
  return found == users_.end() ? std::optional<User>() : std::optional<User>(found->second.user);
}

absl::StatusOr<std::optional<StoredUser>> FakeUserStore::FindStored(std::int64_t user_id) {
  const std::lock_guard lock(mutex_);
  const auto found = users_.find(user_id);
  return found == users_.end() ? std::optional<StoredUser>() : std::optional<StoredUser>(found->second);
}

absl::Status FakeUserStore::UpdateProfile(const User& user) {
  const std::lock_guard lock(mutex_);
  for (const auto& [id, other] : users_) {
    if (id != user.id && Lower(other.user.username) == Lower(user.username)) return Error(Reason::kUSERNAME_TAKEN);
  }
  const auto found = users_.find(user.id);
  if (found == users_.end()) return Error(Reason::kUSER_NOT_FOUND);
  found->second.user.name = user.name;
  found->second.user.phone = user.phone;
  found->second.user.username = user.username;
  return absl::OkStatus();
}

absl::Status FakeUserStore::MarkVerified(std::int64_t user_id, const AuditEntry& entry) {
  const std::lock_guard lock(mutex_);
  const auto found = users_.find(user_id);
  if (found == users_.end() || found->second.user.is_verified) return absl::OkStatus();
  found->second.user.is_verified = true;
  entries.push_back(entry);
  return absl::OkStatus();
}

absl::Status FakeUserStore::ReplaceHash(std::int64_t user_id, std::string_view stored, std::string_view renewed) {
  TryReplaceHash(user_id, stored, renewed);
  return absl::OkStatus();
}

bool FakeUserStore::TryReplaceHash(std::int64_t user_id, std::string_view stored, std::string_view renewed) {
  const std::lock_guard lock(mutex_);
  const auto found = users_.find(user_id);
  if (found == users_.end() || found->second.password_hash != stored) return false;
  found->second.password_hash = renewed;
  return true;
}

void FakeUserStore::Disable(std::int64_t user_id) {
  const std::lock_guard lock(mutex_);
  users_.at(user_id).user.is_active = false;
}

absl::StatusOr<std::string> FakeHasher::Hash(std::string_view password) { return version + std::string(password); }

bool FakeHasher::Matches(std::string_view password, std::string_view hash) {
  ++checks;
  last_checked = hash;
  const std::size_t colon = hash.find(':');
  return colon != std::string_view::npos && hash.substr(colon + 1) == password;
}

absl::StatusOr<AccessToken> FakeIssuer::Issue(const User& user, const std::string& session_id) {
  return AccessToken{.text = "token of " + user.email + " in " + session_id, .life = Life()};
}

}  // namespace papertape::auth

#include "services/auth/domain/api_keys.h"

#include <algorithm>
#include <array>

#include "libs/status/status.h"

namespace papertape::auth {
namespace {

constexpr std::size_t kIdBytes = 12;
constexpr std::size_t kSecretBytes = 32;
// Clocks differ, and so much later a token is taken somewhere.
constexpr std::chrono::seconds kTolerance{120};
constexpr std::size_t kNameMax = 100;  // bytes
constexpr std::array<std::string_view, 3> kScopes = {"read", "write", "trade"};

bool IsName(std::string_view name) {
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; };
  return !name.empty() && name.size() <= kNameMax && std::none_of(name.begin(), name.end(), is_control);
}

// In the order of kScopes, each once; nothing when a word is none of them.
std::vector<std::string> Ordered(const std::vector<std::string>& scopes) {
  std::vector<std::string> ordered;
  for (const std::string_view scope : kScopes) {
    if (std::find(scopes.begin(), scopes.end(), scope) != scopes.end()) ordered.emplace_back(scope);
  }
  const auto is_known = [](const std::string& scope) {
    return std::find(kScopes.begin(), kScopes.end(), scope) != kScopes.end();
  };
  if (!std::all_of(scopes.begin(), scopes.end(), is_known)) ordered.clear();
  return ordered;
}

// The same time for every pair of texts of one length.
bool AreEqual(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  unsigned difference = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    difference |= static_cast<unsigned char>(a[i]) ^ static_cast<unsigned char>(b[i]);
  }
  return difference == 0;
}

}  // namespace

absl::StatusOr<NewApiKey> ApiKeys::Create(const ApiKeyWish& wish, const Origin& from,
                                          const Repeatable<ApiKey>& repeatable) {
  const Timestamp now = ports_.clock.Now();
  const std::vector<std::string> scopes = Ordered(wish.scopes);
  Violations violations;
  violations.Check(IsName(wish.name), "name", "must be one line of 1 to 100 bytes");
  violations.Check(!scopes.empty(), "scopes", "must be one or more of `read`, `write`, `trade`");
  violations.Check(!wish.expires_at || *wish.expires_at > now, "expires_at", "must be in the future");
  PT_RETURN_IF_ERROR(violations.ToStatus());

  const std::string secret = "sk_" + RandomHex(ports_.random, kSecretBytes);
  const StoredApiKey stored{.key = {.id = "pk_" + RandomHex(ports_.random, kIdBytes),
                                    .user_id = wish.user_id,
                                    .name = wish.name,
                                    .scopes = scopes,
                                    .created_at = now,
                                    .expires_at = wish.expires_at,
                                    .last_used_at = std::nullopt},
                            .secret_digest = ports_.digest(secret)};
  PT_ASSIGN_OR_RETURN(ApiKey made, ports_.store.Insert(stored, kKeysOfAUser, repeatable, from));
  const bool is_repetition = made.id != stored.key.id;
  return NewApiKey{.key = std::move(made), .secret = is_repetition ? "" : secret};
}

absl::Status ApiKeys::Revoke(std::int64_t user_id, const std::string& key_id, const Origin& from) {
  const Timestamp now = ports_.clock.Now();
  const KeyEnding ending{.now = now, .tokens_until = now + ports_.tokens.Life() + kTolerance, .from = from};
  PT_RETURN_IF_ERROR(ports_.store.Revoke(user_id, key_id, ending));
  ports_.notice.Ended({SessionOfKey(key_id)}, ending.tokens_until);
  return absl::OkStatus();
}

absl::StatusOr<KeyToken> ApiKeys::Exchange(const std::string& key_id, std::string_view secret) {
  PT_ASSIGN_OR_RETURN(const std::optional<UsableApiKey> found, ports_.store.Find(key_id));
  const Timestamp now = ports_.clock.Now();
  const bool matches = found && AreEqual(found->stored.secret_digest, ports_.digest(secret));
  if (!matches || !found->owner.is_active) return Error(Reason::kINVALID_API_KEY);
  const ApiKey& key = found->stored.key;
  std::chrono::seconds life = ports_.tokens.Life();
  if (key.expires_at) life = std::min(life, std::chrono::duration_cast<std::chrono::seconds>(*key.expires_at - now));
  if (life <= std::chrono::seconds(0)) return Error(Reason::kINVALID_API_KEY);
  PT_ASSIGN_OR_RETURN(AccessToken token, ports_.tokens.IssueFor(found->owner, key, life));
  // Coarse by nature: a token serves many calls. That it could not be noted is not the program's concern.
  ports_.store.NoteUse(key.id, now).IgnoreError();
  return KeyToken{.token = std::move(token), .scopes = key.scopes};
}

}  // namespace papertape::auth

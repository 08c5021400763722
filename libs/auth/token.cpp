#include "libs/auth/token.h"

#include <openssl/crypto.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <jwt/jwt.hpp>
#include <limits>
#include <mutex>
#include <optional>
#include <unordered_map>

#include "libs/auth/keyed_hash.h"
#include "libs/status/status.h"

namespace papertape::auth {
namespace {

constexpr std::size_t kTokenBytes = 4'096;
// cpp-jwt compares times with the system's clock; this leeway (31 years) leaves the comparison to ours.
constexpr std::uint32_t kLibraryLeeway = 1'000'000'000;

std::int64_t ToSeconds(Timestamp time) {
  return std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count();
}

// A point in time among the claims, 2106 at the latest; nothing when it is missing or no number.
std::optional<Timestamp> TimeClaim(const nlohmann::json& payload, const char* name) {
  const auto found = payload.find(name);
  if (found == payload.end() || !found->is_number_unsigned()) return std::nullopt;
  constexpr std::uint64_t kLatest = std::numeric_limits<std::uint32_t>::max();
  return Timestamp(std::chrono::seconds(std::min(found->get<std::uint64_t>(), kLatest)));
}

std::string TextClaim(const nlohmann::json& payload, const char* name) {
  const auto found = payload.find(name);
  return found != payload.end() && found->is_string() ? found->get<std::string>() : std::string();
}

// What a well-signed token says; INVALID_TOKEN when a claim is missing, of the wrong kind, or not yet valid at `now`.
absl::StatusOr<Caller> ReadClaims(const nlohmann::json& payload, Timestamp now) {
  Caller caller;
  const std::string subject = TextClaim(payload, "sub");
  const auto [end, error] = std::from_chars(subject.data(), subject.data() + subject.size(), caller.user_id);
  const bool names_user = error == std::errc() && end == subject.data() + subject.size() && caller.user_id > 0;
  caller.email = TextClaim(payload, "email");
  caller.role = ParseRole(TextClaim(payload, "role"));
  caller.token_id = TextClaim(payload, "jti");
  caller.session_id = TextClaim(payload, "sid");
  const auto expires_at = TimeClaim(payload, "exp");
  const auto issued_at = TimeClaim(payload, "iat");
  const auto not_before = TimeClaim(payload, "nbf");
  if (!names_user || caller.token_id.empty() || caller.session_id.empty() || !expires_at || !issued_at || !not_before) {
    return Error(Reason::kINVALID_TOKEN);
  }
  const Timestamp latest = now + TokenVerifier::kClockSkew;
  if (*issued_at > latest || *not_before > latest) {
    return Error(Reason::kINVALID_TOKEN, "The access token is not valid yet.");
  }
  caller.expires_at = *expires_at;
  // A claim of another kind than text gives no scope, not all of them.
  if (payload.contains("scp")) caller.scopes = Scopes::FromText(TextClaim(payload, "scp"));
  return caller;
}

// The `kid` of the token's header; empty when the header cannot be read or asks for what is not understood (RFC 7515,
// 4.1.11).
std::string KeyIdOf(std::string_view token) {
  const std::string_view encoded = token.substr(0, token.find('.'));
  jwt::jwt_header header;
  std::error_code error;
  header.decode(jwt::string_view(encoded.data(), encoded.size()), error);
  const nlohmann::json& fields = header.create_json_obj();
  if (error || !fields.is_object() || fields.contains("crit")) return "";
  return TextClaim(fields, "kid");
}

}  // namespace

TokenSigner::TokenSigner(TokenKeys keys, const Clock& clock) : keys_(std::move(keys)), clock_(clock) {
  const std::vector<VerificationKey> known = VerificationKeys(keys_);
  if (!known.empty()) key_id_ = known.front().id;
}

absl::StatusOr<std::string> TokenSigner::Sign(const Claims& claims, std::chrono::seconds life) const {
  const Timestamp now = clock_.Now();
  jwt::jwt_object token{jwt::params::algorithm(keys_.algorithm),
                        jwt::params::secret(keys_.algorithm == "HS256" ? keys_.secret : keys_.private_key_pem)};
  token.add_claim("sub", std::to_string(claims.user_id));
  token.add_claim("email", claims.email);
  token.add_claim("role", std::string(RoleName(claims.role)));
  token.header().add_header("kid", key_id_);
  token.add_claim("jti", claims.token_id);
  token.add_claim("sid", claims.session_id);
  token.add_claim("nbf", static_cast<std::uint64_t>(ToSeconds(now)));
  token.add_claim("iat", static_cast<std::uint64_t>(ToSeconds(now)));
  token.add_claim("exp", static_cast<std::uint64_t>(ToSeconds(now + life)));
  if (claims.scopes) token.add_claim("scp", claims.scopes->ToText());
  std::error_code error;
  std::string signed_token = token.signature(error);
  if (error) return Error(Reason::kINTERNAL);
  return signed_token;
}

// Verified tokens by their text. When full it starts anew: a busy caller costs one more signature check.
class TokenVerifier::Memory {
 public:
  std::shared_ptr<const Caller> Find(std::string_view token) {
    Shard& shard = ShardOf(token);
    const std::lock_guard lock(shard.mutex);
    const auto found = shard.callers.find(token);
    return found == shard.callers.end() ? nullptr : found->second;
  }
  void Remember(std::string_view token, const Caller& caller) {
    Shard& shard = ShardOf(token);
    const std::lock_guard lock(shard.mutex);
    if (shard.callers.size() >= kRemembered / kShards) shard.callers.clear();
    shard.callers.insert_or_assign(std::string(token), std::make_shared<const Caller>(caller));
  }

 private:
  static constexpr std::size_t kShards = 16;
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };
  struct Shard {
    std::mutex mutex;
    std::unordered_map<std::string, std::shared_ptr<const Caller>, Hash, std::equal_to<>> callers;
  };
  Shard& ShardOf(std::string_view token) { return shards_[static_cast<unsigned char>(token.back()) % kShards]; }
  std::array<Shard, kShards> shards_;
};

TokenVerifier::TokenVerifier(const TokenKeys& keys, const Clock& clock, const Revocations* revocations)
    : algorithm_(keys.algorithm),
      keys_(VerificationKeys(keys)),
      clock_(clock),
      revocations_(revocations),
      memory_(std::make_unique<Memory>()) {}

TokenVerifier::~TokenVerifier() = default;

// The `kid` is compared with those of our keys and used for nothing else.
absl::StatusOr<Caller> TokenVerifier::CheckSignature(std::string_view token) const {
  try {
    const std::string key_id = KeyIdOf(token);
    const auto key =
        std::find_if(keys_.begin(), keys_.end(), [&](const VerificationKey& known) { return known.id == key_id; });
    if (key == keys_.end()) return Error(Reason::kINVALID_TOKEN);
    std::error_code error;
    const auto decoded =
        jwt::decode(jwt::string_view(token.data(), token.size()), jwt::params::algorithms({algorithm_}), error,
                    jwt::params::secret(key->material), jwt::params::leeway(kLibraryLeeway));
    if (error) return Error(Reason::kINVALID_TOKEN);
    return ReadClaims(decoded.payload().create_json_obj(), clock_.Now());
  } catch (const std::exception&) {
    // The library throws on some malformed input in spite of the error code.
    return Error(Reason::kINVALID_TOKEN);
  }
}

// What may change while a token is remembered.
absl::Status TokenVerifier::CheckNow(const Caller& caller) const {
  if (caller.expires_at + kClockSkew < clock_.Now()) return Error(Reason::kTOKEN_EXPIRED);
  return revocations_ == nullptr ? absl::OkStatus() : revocations_->Check(caller.session_id);
}

absl::StatusOr<Caller> TokenVerifier::Verify(std::string_view token) {
  if (token.empty() || token.size() > kTokenBytes) return Error(Reason::kINVALID_TOKEN);
  if (const auto known = memory_->Find(token)) {
    PT_RETURN_IF_ERROR(CheckNow(*known));
    return *known;
  }
  PT_ASSIGN_OR_RETURN(Caller caller, CheckSignature(token));
  PT_RETURN_IF_ERROR(CheckNow(caller));
  memory_->Remember(token, caller);
  return caller;
}

std::string ServiceCredential(std::string_view secret_key) {
  return DeriveKey(secret_key, "papertape service credential");
}

std::string EdgeCredential(std::string_view secret_key) { return DeriveKey(secret_key, "papertape edge credential"); }

bool SameCredential(std::string_view expected, std::string_view presented) {
  return presented.size() == expected.size() && CRYPTO_memcmp(presented.data(), expected.data(), expected.size()) == 0;
}

}  // namespace papertape::auth

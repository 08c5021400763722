#include "libs/auth/token.h"

#include <openssl/crypto.h>

#include <array>
#include <charconv>
#include <fstream>
#include <jwt/jwt.hpp>
#include <mutex>
#include <sstream>
#include <unordered_map>

#include "libs/auth/keyed_hash.h"
#include "libs/status/status.h"

namespace papertape::auth {
namespace {

constexpr std::size_t kTokenBytes = 4'096;
// cpp-jwt compares times with the system's clock; this leeway (31 years) leaves the comparison to ours.
constexpr std::uint32_t kLibraryLeeway = 1'000'000'000;

std::string ReadFile(const std::string& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

std::string ReadKey(Settings& settings, std::string_view name) {
  const std::string path = settings.Required(name);
  std::string pem = path.empty() ? std::string() : ReadFile(path);
  if (!path.empty() && pem.find("-----BEGIN") == std::string::npos) {
    settings.Mistake(name, "must name a readable PEM file");
  }
  return pem;
}

const std::string& VerifyingKey(const TokenKeys& keys) {
  return keys.algorithm == "HS256" ? keys.secret : keys.public_key_pem;
}

std::int64_t ToSeconds(Timestamp time) {
  return std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count();
}

// What a well-signed token says; INVALID_TOKEN when a claim is missing or of the wrong kind.
absl::StatusOr<Caller> ReadClaims(const nlohmann::json& payload) {
  const auto text = [&](const char* name) {
    const auto found = payload.find(name);
    return found != payload.end() && found->is_string() ? found->get<std::string>() : std::string();
  };
  Caller caller;
  const std::string subject = text("sub");
  std::from_chars(subject.data(), subject.data() + subject.size(), caller.user_id);
  const auto expiry = payload.find("exp");
  if (caller.user_id <= 0 || expiry == payload.end() || !expiry->is_number_unsigned()) {
    return Error(Reason::kINVALID_TOKEN);
  }
  caller.expires_at = Timestamp(std::chrono::seconds(expiry->get<std::uint32_t>()));
  caller.email = text("email");
  caller.role = ParseRole(text("role"));
  caller.token_id = text("jti");
  return caller;
}

absl::StatusOr<Caller> CheckSignature(const TokenKeys& keys, std::string_view token) {
  try {
    std::error_code error;
    const auto decoded =
        jwt::decode(jwt::string_view(token.data(), token.size()), jwt::params::algorithms({keys.algorithm}), error,
                    jwt::params::secret(VerifyingKey(keys)), jwt::params::leeway(kLibraryLeeway));
    if (error) return Error(Reason::kINVALID_TOKEN);
    return ReadClaims(decoded.payload().create_json_obj());
  } catch (const std::exception&) {
    // The library throws on some malformed input in spite of the error code.
    return Error(Reason::kINVALID_TOKEN);
  }
}

}  // namespace

TokenKeys ReadTokenKeys(Settings& settings, bool can_sign) {
  TokenKeys keys;
  keys.secret = settings.Secret("SECRET_KEY", 32);
  keys.algorithm = settings.OneOf("JWT_ALGORITHM", "HS256", {"HS256", "RS256", "ES256"});
  if (keys.algorithm == "HS256") return keys;
  keys.public_key_pem = ReadKey(settings, "JWT_PUBLIC_KEY_FILE");
  if (can_sign) keys.private_key_pem = ReadKey(settings, "JWT_PRIVATE_KEY_FILE");
  return keys;
}

absl::StatusOr<std::string> TokenSigner::Sign(const Claims& claims, std::chrono::seconds life) const {
  const Timestamp now = clock_.Now();
  jwt::jwt_object token{jwt::params::algorithm(keys_.algorithm),
                        jwt::params::secret(keys_.algorithm == "HS256" ? keys_.secret : keys_.private_key_pem)};
  token.add_claim("sub", std::to_string(claims.user_id));
  token.add_claim("email", claims.email);
  token.add_claim("role", std::string(RoleName(claims.role)));
  token.add_claim("jti", claims.token_id);
  token.add_claim("iat", static_cast<std::uint64_t>(ToSeconds(now)));
  token.add_claim("exp", static_cast<std::uint64_t>(ToSeconds(now + life)));
  std::error_code error;
  std::string signed_token = token.signature(error);
  if (error) return Error(Reason::kINTERNAL);
  return signed_token;
}

// Verified tokens by their text. When full it starts anew: a busy caller costs one more signature check.
class TokenVerifier::Memory {
 public:
  std::shared_ptr<const Caller> Find(const std::string& token) {
    Shard& shard = ShardOf(token);
    const std::lock_guard lock(shard.mutex);
    const auto found = shard.callers.find(token);
    return found == shard.callers.end() ? nullptr : found->second;
  }
  void Remember(const std::string& token, const Caller& caller) {
    Shard& shard = ShardOf(token);
    const std::lock_guard lock(shard.mutex);
    if (shard.callers.size() >= kRemembered / kShards) shard.callers.clear();
    shard.callers[token] = std::make_shared<const Caller>(caller);
  }

 private:
  static constexpr std::size_t kShards = 16;
  struct Shard {
    std::mutex mutex;
    std::unordered_map<std::string, std::shared_ptr<const Caller>> callers;
  };
  Shard& ShardOf(const std::string& token) { return shards_[static_cast<unsigned char>(token.back()) % kShards]; }
  std::array<Shard, kShards> shards_;
};

TokenVerifier::TokenVerifier(TokenKeys keys, const Clock& clock)
    : keys_(std::move(keys)), clock_(clock), memory_(std::make_unique<Memory>()) {}

TokenVerifier::~TokenVerifier() = default;

absl::StatusOr<Caller> TokenVerifier::Verify(std::string_view token) {
  if (token.empty() || token.size() > kTokenBytes) return Error(Reason::kINVALID_TOKEN);
  const std::string text(token);
  if (const auto known = memory_->Find(text)) {
    if (known->expires_at + kClockSkew < clock_.Now()) return Error(Reason::kTOKEN_EXPIRED);
    return *known;
  }
  PT_ASSIGN_OR_RETURN(Caller caller, CheckSignature(keys_, token));
  if (caller.expires_at + kClockSkew < clock_.Now()) return Error(Reason::kTOKEN_EXPIRED);
  memory_->Remember(text, caller);
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

// Access tokens: JWTs with the algorithm pinned by setting. Signing belongs to the auth service, verifying to everyone.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "libs/auth/caller.h"
#include "libs/clock/clock.h"
#include "libs/config/settings.h"

namespace papertape::auth {

// How tokens are signed and checked, from SECRET_KEY, JWT_ALGORITHM and the key files.
struct TokenKeys {
  std::string algorithm = "HS256";  // HS256, RS256 or ES256
  std::string secret;               // SECRET_KEY: the HS256 key, and the root of the service credential
  std::string private_key_pem;      // RS256 and ES256, where tokens are signed
  std::string public_key_pem;       // RS256 and ES256, where they are verified
};
// Reads the keys; notes mistakes in `settings`. `can_sign` asks for the private key too.
TokenKeys ReadTokenKeys(Settings& settings, bool can_sign);

struct Claims {
  std::int64_t user_id = 0;  // `sub`, in decimal
  std::string email;
  Role role = Role::kUser;
  std::string token_id;  // `jti`
};

// Thread-safe.
class TokenSigner {
 public:
  TokenSigner(TokenKeys keys, const Clock& clock) : keys_(std::move(keys)), clock_(clock) {}
  // Valid from now for `life`.
  [[nodiscard]] absl::StatusOr<std::string> Sign(const Claims& claims, std::chrono::seconds life) const;

 private:
  TokenKeys keys_;
  const Clock& clock_;
};

// Thread-safe. Verified tokens are remembered (bounded) until they expire, so a busy caller costs one signature check.
class TokenVerifier {
 public:
  static constexpr std::size_t kRemembered = 65'536;
  static constexpr std::chrono::seconds kClockSkew{30};

  TokenVerifier(TokenKeys keys, const Clock& clock);
  ~TokenVerifier();
  // INVALID_TOKEN for a forged, foreign-algorithm, malformed or oversized token, TOKEN_EXPIRED past its time.
  [[nodiscard]] absl::StatusOr<Caller> Verify(std::string_view token);

 private:
  class Memory;
  TokenKeys keys_;
  const Clock& clock_;
  std::unique_ptr<Memory> memory_;
};

// What one service shows another: derived from SECRET_KEY, compared in constant time.
std::string ServiceCredential(std::string_view secret_key);
// What the gateway shows with a client's call: it vouches for the client's address and opens nothing.
std::string EdgeCredential(std::string_view secret_key);
bool SameCredential(std::string_view expected, std::string_view presented);

}  // namespace papertape::auth

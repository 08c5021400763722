// Access tokens: JWTs with the algorithm pinned by setting. Signing belongs to the auth service, verifying to everyone.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "libs/auth/caller.h"
#include "libs/auth/revocations.h"
#include "libs/auth/token_keys.h"
#include "libs/clock/clock.h"

namespace papertape::auth {

struct Claims {
  std::int64_t user_id = 0;  // `sub`, in decimal
  std::string email;
  Role role = Role::kUser;
  std::string token_id;          // `jti`
  std::string session_id;        // `sid`
  std::optional<Scopes> scopes;  // `scp`, of a token made from an API key
};

// Thread-safe.
class TokenSigner {
 public:
  TokenSigner(TokenKeys keys, const Clock& clock);
  // Valid from now for `life`. The header names the key (`kid`).
  [[nodiscard]] absl::StatusOr<std::string> Sign(const Claims& claims, std::chrono::seconds life) const;

 private:
  TokenKeys keys_;
  std::string key_id_;
  const Clock& clock_;
};

// Thread-safe. Verified tokens are remembered (bounded) until they expire, so a busy caller costs one signature check.
class TokenVerifier {
 public:
  static constexpr std::size_t kRemembered = 65'536;
  static constexpr std::chrono::seconds kClockSkew{30};

  // `revocations` outlives this; without them no session ends early.
  TokenVerifier(const TokenKeys& keys, const Clock& clock, const Revocations* revocations = nullptr);
  ~TokenVerifier();
  // INVALID_TOKEN for a token that is forged, malformed, oversized, of another algorithm or an unknown key, or not yet
  // valid; TOKEN_EXPIRED past its time; SESSION_ENDED when its session has ended; UNAVAILABLE when nobody can tell.
  [[nodiscard]] absl::StatusOr<Caller> Verify(std::string_view token);

 private:
  class Memory;
  [[nodiscard]] absl::StatusOr<Caller> CheckSignature(std::string_view token) const;
  [[nodiscard]] absl::Status CheckNow(const Caller& caller) const;

  const std::string algorithm_;
  const std::vector<VerificationKey> keys_;
  const Clock& clock_;
  const Revocations* const revocations_;
  std::unique_ptr<Memory> memory_;
};

// What one service shows another: derived from SECRET_KEY, compared in constant time.
std::string ServiceCredential(std::string_view secret_key);
// What the gateway shows with a client's call: it vouches for the client's address and opens nothing.
std::string EdgeCredential(std::string_view secret_key);
bool SameCredential(std::string_view expected, std::string_view presented);

}  // namespace papertape::auth

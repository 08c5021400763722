// Public keys as JSON Web Keys (RFC 7517), and the names that keys go by in a token's `kid`. Pure.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace papertape::auth {

// A public key that verifies tokens. Numbers are big-endian bytes in base64url, as RFC 7518, 6 wants them.
struct Jwk {
  std::string key_id;    // `kid`: the RFC 7638 thumbprint
  std::string key_type;  // `kty`: RSA or EC
  std::string modulus;   // `n` of RSA
  std::string exponent;  // `e` of RSA
  std::string curve;     // `crv` of EC: P-256
  std::string x, y;      // the point of EC
};

// INVALID_ARGUMENT unless `pem` is a public key for `algorithm`: RSA of at least 2048 bits for RS256, P-256 for ES256.
absl::StatusOr<Jwk> PublicJwk(std::string_view algorithm, const std::string& pem);

// The name of a shared secret: a keyed digest, which tells nothing of the secret.
std::string SecretKeyId(std::string_view secret);

}  // namespace papertape::auth

// The keys that sign and verify tokens, from the settings. The algorithm is pinned; each key goes by an id (`kid`) that
// is derived from it, so that two processes with the same key agree. Keys that signed until lately may still verify:
// that is how a key is changed without signing anybody out. Pure but for reading the files at start.
#pragma once

#include <string>
#include <vector>

#include "libs/auth/jwk.h"
#include "libs/config/settings.h"

namespace papertape::auth {

// From SECRET_KEY, JWT_ALGORITHM and the key files.
struct TokenKeys {
  std::string algorithm = "HS256";    // HS256, RS256 or ES256
  std::string secret;                 // SECRET_KEY: the HS256 key, and the root of the service credential
  std::string private_key_pem;        // RS256 and ES256, where tokens are signed
  std::string public_key_pem;         // RS256 and ES256, where they are verified
  std::vector<std::string> previous;  // secrets (HS256) or public keys (RS256, ES256) that verify and do not sign
};
// Reads the keys; notes mistakes in `settings`. `can_sign` asks for the private key too.
TokenKeys ReadTokenKeys(Settings& settings, bool can_sign);

struct VerificationKey {
  std::string id;        // `kid`
  std::string material;  // the secret, or the public key in PEM
};
// The key that signs comes first. A key that cannot be read is left out.
std::vector<VerificationKey> VerificationKeys(const TokenKeys& keys);

// What others may know of the keys: none for HS256.
std::vector<Jwk> PublicKeys(const TokenKeys& keys);

}  // namespace papertape::auth

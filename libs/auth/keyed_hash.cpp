#include "libs/auth/keyed_hash.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>

#include <array>

#include "libs/ids/hex.h"

namespace papertape::auth {
namespace {

const unsigned char* Bytes(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

}  // namespace

std::string KeyedHash(std::string_view key, std::string_view text) {
  std::array<char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), Bytes(text), text.size(),
       reinterpret_cast<unsigned char*>(digest.data()), &size);
  return ToHex({digest.data(), size});
}

std::string DeriveKey(std::string_view secret_key, std::string_view purpose) { return KeyedHash(secret_key, purpose); }

std::string Digest(std::string_view text) {
  std::array<char, SHA256_DIGEST_LENGTH> digest{};
  SHA256(Bytes(text), text.size(), reinterpret_cast<unsigned char*>(digest.data()));
  return ToHex({digest.data(), digest.size()});
}

}  // namespace papertape::auth

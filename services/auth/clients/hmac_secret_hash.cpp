#include "services/auth/clients/hmac_secret_hash.h"

#include <openssl/crypto.h>

#include "fmt/format.h"
#include "libs/auth/keyed_hash.h"

namespace papertape::auth {

std::string HmacSecretHash::Of(std::string_view purpose, std::string_view text) {
  return KeyedHash(DeriveKey(secret_key_, fmt::format("papertape {}", purpose)), text);
}

bool HmacSecretHash::Same(std::string_view one, std::string_view other) {
  return one.size() == other.size() && CRYPTO_memcmp(one.data(), other.data(), one.size()) == 0;
}

}  // namespace papertape::auth

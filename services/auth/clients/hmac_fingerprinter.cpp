#include "services/auth/clients/hmac_fingerprinter.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>

#include "fmt/format.h"

namespace papertape::auth {
namespace {

std::string HmacSha256Hex(std::string_view key, std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(text.data()),
       text.size(), digest.data(), &size);
  std::string hex;
  for (unsigned int i = 0; i < size; ++i) hex += fmt::format("{:02x}", digest[i]);
  return hex;
}

}  // namespace

// A key of its own, so that a fingerprint is never a signature of anything else.
HmacFingerprinter::HmacFingerprinter(std::string_view secret_key)
    : key_(HmacSha256Hex(secret_key, "papertape registration fingerprints")) {}

std::string HmacFingerprinter::Of(std::string_view text) { return HmacSha256Hex(key_, text); }

}  // namespace papertape::auth

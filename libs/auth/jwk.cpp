#include "libs/auth/jwk.h"

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <memory>
#include <vector>

#include "libs/auth/keyed_hash.h"
#include "libs/status/status.h"

namespace papertape::auth {
namespace {

constexpr int kLeastRsaBits = 2'048;
constexpr int kP256Bytes = 32;
constexpr std::size_t kSecretKeyIdDigits = 32;

using Bytes = std::vector<unsigned char>;
using KeyHandle = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;

std::string Base64Url(const unsigned char* bytes, std::size_t count) {
  std::string text(4 * ((count + 2) / 3) + 1, '\0');
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), bytes, static_cast<int>(count));
  text.resize(static_cast<std::size_t>(size));
  std::erase(text, '=');
  std::replace(text.begin(), text.end(), '+', '-');
  std::replace(text.begin(), text.end(), '/', '_');
  return text;
}

KeyHandle ReadPublicKey(const std::string& pem) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> in(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())),
                                                     &BIO_free);
  return {PEM_read_bio_PUBKEY(in.get(), nullptr, nullptr, nullptr), &EVP_PKEY_free};
}

// One number of the key; `bytes` 0: as short as it can be. Empty when the key has no such number.
std::string NumberOf(const EVP_PKEY* key, const char* name, int bytes) {
  BIGNUM* found = nullptr;
  if (EVP_PKEY_get_bn_param(key, name, &found) != 1) return "";
  const std::unique_ptr<BIGNUM, decltype(&BN_free)> number(found, &BN_free);
  Bytes text(static_cast<std::size_t>(bytes == 0 ? BN_num_bytes(found) : bytes));
  if (BN_bn2binpad(found, text.data(), static_cast<int>(text.size())) < 0) return "";
  return Base64Url(text.data(), text.size());
}

bool IsP256(const EVP_PKEY* key) {
  std::array<char, 64> group{};
  std::size_t size = 0;
  return EVP_PKEY_get_utf8_string_param(key, OSSL_PKEY_PARAM_GROUP_NAME, group.data(), group.size(), &size) == 1 &&
         std::string_view(group.data(), size) == "prime256v1";
}

// RFC 7638, 3: the required members alone, in the order of their names, without spaces.
std::string Thumbprint(const Jwk& jwk) {
  const std::string canonical =
      jwk.key_type == "RSA"
          ? R"({"e":")" + jwk.exponent + R"(","kty":"RSA","n":")" + jwk.modulus + "\"}"
          : R"({"crv":")" + jwk.curve + R"(","kty":"EC","x":")" + jwk.x + R"(","y":")" + jwk.y + "\"}";
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256(reinterpret_cast<const unsigned char*>(canonical.data()), canonical.size(), digest.data());
  return Base64Url(digest.data(), digest.size());
}

}  // namespace

absl::StatusOr<Jwk> PublicJwk(std::string_view algorithm, const std::string& pem) {
  const KeyHandle key = ReadPublicKey(pem);
  if (key == nullptr) return Error(Reason::kINVALID_ARGUMENT, "The key is not a public key in PEM.");
  Jwk jwk;
  if (algorithm == "RS256") {
    if (EVP_PKEY_is_a(key.get(), "RSA") != 1 || EVP_PKEY_get_bits(key.get()) < kLeastRsaBits) {
      return Error(Reason::kINVALID_ARGUMENT, "RS256 needs an RSA key of at least 2048 bits.");
    }
    jwk.key_type = "RSA";
    jwk.modulus = NumberOf(key.get(), OSSL_PKEY_PARAM_RSA_N, 0);
    jwk.exponent = NumberOf(key.get(), OSSL_PKEY_PARAM_RSA_E, 0);
  } else {
    if (EVP_PKEY_is_a(key.get(), "EC") != 1 || !IsP256(key.get())) {
      return Error(Reason::kINVALID_ARGUMENT, "ES256 needs a key on the curve P-256.");
    }
    jwk.key_type = "EC";
    jwk.curve = "P-256";
    jwk.x = NumberOf(key.get(), OSSL_PKEY_PARAM_EC_PUB_X, kP256Bytes);
    jwk.y = NumberOf(key.get(), OSSL_PKEY_PARAM_EC_PUB_Y, kP256Bytes);
  }
  jwk.key_id = Thumbprint(jwk);
  return jwk;
}

std::string SecretKeyId(std::string_view secret) {
  return DeriveKey(secret, "papertape token key id").substr(0, kSecretKeyIdDigits);
}

}  // namespace papertape::auth

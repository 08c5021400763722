#include "libs/seal/aes_gcm.h"

#include <openssl/evp.h>

#include <cstdlib>
#include <memory>

namespace papertape::aes_gcm {
namespace {

struct Free {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_CIPHER_CTX, Free>;

const unsigned char* Bytes(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }
unsigned char* Bytes(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }
int Size(std::string_view text) { return static_cast<int>(text.size()); }

// OpenSSL refuses only when it is out of memory or misused.
void Must(int result) {
  if (result != 1) std::abort();
}

}  // namespace

std::string Encrypt(std::string_view key, std::string_view nonce, std::string_view associated, std::string_view plain) {
  const Context context(EVP_CIPHER_CTX_new());
  std::string out(plain.size() + kTagBytes, '\0');
  int written = 0;
  Must(EVP_EncryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, Bytes(key), Bytes(nonce)));
  Must(EVP_EncryptUpdate(context.get(), nullptr, &written, Bytes(associated), Size(associated)));
  Must(EVP_EncryptUpdate(context.get(), Bytes(out), &written, Bytes(plain), Size(plain)));
  Must(EVP_EncryptFinal_ex(context.get(), Bytes(out) + written, &written));
  Must(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_GET_TAG, kTagBytes, out.data() + plain.size()));
  return out;
}

std::optional<std::string> Decrypt(std::string_view key, std::string_view nonce, std::string_view associated,
                                   std::string_view ciphertext_and_tag) {
  if (ciphertext_and_tag.size() < kTagBytes) return std::nullopt;
  const std::string_view ciphertext = ciphertext_and_tag.substr(0, ciphertext_and_tag.size() - kTagBytes);
  std::string tag(ciphertext_and_tag.substr(ciphertext.size()));
  const Context context(EVP_CIPHER_CTX_new());
  std::string plain(ciphertext.size(), '\0');
  int written = 0;
  Must(EVP_DecryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, Bytes(key), Bytes(nonce)));
  Must(EVP_DecryptUpdate(context.get(), nullptr, &written, Bytes(associated), Size(associated)));
  Must(EVP_DecryptUpdate(context.get(), Bytes(plain), &written, Bytes(ciphertext), Size(ciphertext)));
  Must(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_SET_TAG, kTagBytes, tag.data()));
  if (EVP_DecryptFinal_ex(context.get(), Bytes(plain) + written, &written) != 1) return std::nullopt;
  return plain;
}

}  // namespace papertape::aes_gcm

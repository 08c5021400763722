#include "libs/seal/seal.h"

#include <openssl/sha.h>

#include <array>
#include <cstring>

#include "absl/strings/escaping.h"
#include "libs/seal/aes_gcm.h"
#include "libs/status/status.h"

namespace papertape {
namespace {

constexpr char kVersion = 1;
constexpr std::size_t kKeyIdBytes = 4;
constexpr std::size_t kHeadBytes = 1 + kKeyIdBytes;
static_assert(kHeadBytes + aes_gcm::kNonceBytes + aes_gcm::kTagBytes == Sealer::kOverheadBytes);

std::string ReadKey(Settings& settings, std::string_view name, const std::string& text) {
  std::string bytes;
  if (absl::Base64Unescape(text, &bytes) && bytes.size() == aes_gcm::kKeyBytes) return bytes;
  if (!text.empty()) settings.Mistake(name, "must be 32 bytes in base 64: openssl rand -base64 32");
  return std::string(aes_gcm::kKeyBytes, '\0');  // never used: the mistake ends the process
}

std::string MakeNonce(const RandomBits& random) {
  std::array<std::uint64_t, 2> bits{random(), random()};
  std::string nonce(aes_gcm::kNonceBytes, '\0');
  std::memcpy(nonce.data(), bits.data(), nonce.size());
  return nonce;
}

// Of fixed length before the context, so that no two pairs make the same text.
std::string Associated(std::string_view head, std::string_view context) {
  std::string text(head);
  text += context;
  return text;
}

}  // namespace

SealKeys ReadSealKeys(Settings& settings) {
  SealKeys keys;
  keys.current = ReadKey(settings, "PAPERTAPE_DATA_KEY", settings.Required("PAPERTAPE_DATA_KEY"));
  const std::string previous = settings.Text("PAPERTAPE_DATA_KEY_PREVIOUS", "");
  if (!previous.empty()) keys.previous = ReadKey(settings, "PAPERTAPE_DATA_KEY_PREVIOUS", previous);
  return keys;
}

Sealer::Sealer(const SealKeys& keys, RandomBits random) : current_(MakeKey(keys.current)), random_(std::move(random)) {
  if (keys.previous) previous_ = MakeKey(*keys.previous);
}

// The id tells which key it was, and nothing of the key.
Sealer::Key Sealer::MakeKey(const std::string& bytes) {
  const std::string named = "papertape data key " + bytes;
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256(reinterpret_cast<const unsigned char*>(named.data()), named.size(), digest.data());
  return {.id = std::string(reinterpret_cast<const char*>(digest.data()), kKeyIdBytes), .bytes = bytes};
}

absl::StatusOr<std::string> Sealer::Seal(std::string_view plain, std::string_view context) const {
  if (plain.size() > aes_gcm::kMaxBytes) return absl::InvalidArgumentError("too long to be sealed in one piece");
  std::string sealed(1, kVersion);
  sealed += current_.id;
  const std::string nonce = MakeNonce(random_);
  const std::string ciphertext = aes_gcm::Encrypt(current_.bytes, nonce, Associated(sealed, context), plain);
  sealed += nonce;
  sealed += ciphertext;
  return sealed;
}

absl::StatusOr<std::string> Sealer::Open(std::string_view sealed, std::string_view context) const {
  if (sealed.size() < kOverheadBytes || sealed.size() > aes_gcm::kMaxBytes + kOverheadBytes || sealed[0] != kVersion) {
    return absl::DataLossError("not a sealed text");
  }
  const std::string_view head = sealed.substr(0, kHeadBytes);
  const std::string_view id = head.substr(1);
  const Key* key = id == current_.id ? &current_ : previous_ && id == previous_->id ? &*previous_ : nullptr;
  if (key == nullptr) return absl::FailedPreconditionError("sealed with a key that is not here");
  std::optional<std::string> plain =
      aes_gcm::Decrypt(key->bytes, sealed.substr(kHeadBytes, aes_gcm::kNonceBytes), Associated(head, context),
                       sealed.substr(kHeadBytes + aes_gcm::kNonceBytes));
  if (!plain) return absl::DataLossError("the sealed text was changed, or belongs elsewhere");
  return *std::move(plain);
}

}  // namespace papertape

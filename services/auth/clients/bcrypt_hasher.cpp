#include "services/auth/clients/bcrypt_hasher.h"

#include <crypt.h>
#include <openssl/crypto.h>

#include <array>
#include <cstring>

#include "fmt/format.h"

namespace papertape::auth {
namespace {

constexpr std::size_t kHashLength = 60;
constexpr std::size_t kSaltBytes = 16;

// Empty when libcrypt refuses.
std::string Crypt(std::string_view password, const std::string& setting) {
  std::string phrase(password);
  const auto data = std::make_unique<crypt_data>();  // 32 KiB: not for the stack
  const char* hash = crypt_rn(phrase.c_str(), setting.c_str(), data.get(), sizeof *data);
  std::string text = hash != nullptr ? hash : "";
  OPENSSL_cleanse(phrase.data(), phrase.size());
  OPENSSL_cleanse(data.get(), sizeof *data);
  return text.size() == kHashLength ? text : "";
}

}  // namespace

absl::StatusOr<std::unique_ptr<BcryptHasher>> BcryptHasher::Make(int cost, RandomBits random) {
  std::unique_ptr<BcryptHasher> hasher(new BcryptHasher(cost, std::move(random)));
  absl::StatusOr<std::string> decoy = hasher->Hash(RandomHex(hasher->random_, kSaltBytes));
  if (!decoy.ok()) return decoy.status();
  hasher->decoy_ = *std::move(decoy);
  return hasher;
}

absl::StatusOr<std::string> BcryptHasher::Hash(std::string_view password) {
  std::array<char, kSaltBytes> salt{};
  for (std::size_t i = 0; i < salt.size(); i += sizeof(std::uint64_t)) {
    const std::uint64_t bits = random_();
    std::memcpy(salt.data() + i, &bits, sizeof bits);
  }
  std::array<char, CRYPT_GENSALT_OUTPUT_SIZE> setting{};
  const char* made = crypt_gensalt_rn("$2b$", static_cast<unsigned long>(cost_), salt.data(),
                                      static_cast<int>(salt.size()), setting.data(), static_cast<int>(setting.size()));
  if (made == nullptr) return absl::InternalError("libcrypt makes no bcrypt salt");
  std::string hash = Crypt(password, made);
  if (hash.empty()) return absl::InternalError("libcrypt makes no bcrypt hash");
  return hash;
}

bool BcryptHasher::Matches(std::string_view password, std::string_view hash) {
  const std::string made = Crypt(password, std::string(hash));
  return !made.empty() && made.size() == hash.size() && CRYPTO_memcmp(made.data(), hash.data(), hash.size()) == 0;
}

bool BcryptHasher::IsOutdated(std::string_view hash) { return !hash.starts_with(fmt::format("$2b${:02}$", cost_)); }

}  // namespace papertape::auth

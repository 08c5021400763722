#include "services/market_data/clients/totp.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>

#include "fmt/format.h"

namespace papertape::market {
namespace {

constexpr int kBitsALetter = 5;

std::optional<std::uint32_t> Base32Value(char c) {
  if (c >= 'A' && c <= 'Z') return static_cast<std::uint32_t>(c - 'A');
  if (c >= 'a' && c <= 'z') return static_cast<std::uint32_t>(c - 'a');
  if (c >= '2' && c <= '7') return static_cast<std::uint32_t>(c - '2' + 26);
  return std::nullopt;
}

}  // namespace

std::optional<std::string> DecodeBase32(std::string_view text) {
  while (!text.empty() && text.back() == '=') text.remove_suffix(1);
  std::string bytes;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : text) {
    if (c == ' ') continue;
    const std::optional<std::uint32_t> value = Base32Value(c);
    if (!value) return std::nullopt;
    bits = (bits << kBitsALetter | *value) & 0xFFFU;
    count += kBitsALetter;
    if (count >= 8) {
      count -= 8;
      bytes.push_back(static_cast<char>(bits >> static_cast<unsigned>(count) & 0xFFU));
    }
  }
  return bytes.empty() ? std::nullopt : std::optional(bytes);
}

std::int64_t TotpStepOf(Timestamp time) { return time.time_since_epoch() / kTotpStep; }

std::string TotpOf(std::string_view secret, std::int64_t step) {
  std::array<unsigned char, 8> counter{};
  auto rest = static_cast<std::uint64_t>(step);
  for (std::size_t i = counter.size(); i-- > 0; rest >>= 8U) counter[i] = static_cast<unsigned char>(rest & 0xFFU);
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  HMAC(EVP_sha1(), secret.data(), static_cast<int>(secret.size()), counter.data(), counter.size(), digest.data(),
       &size);
  // Dynamic truncation: four bytes from where the last one's low half points to, without the sign.
  const std::size_t offset = digest[size - 1] & 0xFU;
  const std::uint32_t code = (static_cast<std::uint32_t>(digest[offset] & 0x7FU) << 24U) |
                             (static_cast<std::uint32_t>(digest[offset + 1]) << 16U) |
                             (static_cast<std::uint32_t>(digest[offset + 2]) << 8U) | digest[offset + 3];
  return fmt::format("{:06}", code % 1'000'000);
}

}  // namespace papertape::market

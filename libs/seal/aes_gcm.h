// AES-256-GCM (NIST SP 800-38D) by OpenSSL. A nonce is used once with a key, or both are worth nothing:
// libs/seal/seal.h chooses it. Stateless, thread-safe. Included by this library and its tests only.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace papertape::aes_gcm {

inline constexpr std::size_t kKeyBytes = 32;
inline constexpr std::size_t kNonceBytes = 12;
inline constexpr std::size_t kTagBytes = 16;
inline constexpr std::size_t kMaxBytes = 1UL << 30U;  // of a text; OpenSSL counts in int

// The ciphertext, as long as `plain`, and the tag behind it. Sizes are the caller's to guarantee.
std::string Encrypt(std::string_view key, std::string_view nonce, std::string_view associated, std::string_view plain);

// The plain text, or nothing when any bit of key, nonce, associated data, ciphertext or tag differs.
std::optional<std::string> Decrypt(std::string_view key, std::string_view nonce, std::string_view associated,
                                   std::string_view ciphertext_and_tag);

}  // namespace papertape::aes_gcm

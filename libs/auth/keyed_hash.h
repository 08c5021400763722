// HMAC-SHA256 under keys derived from the suite's secret: one key for each purpose, so that what is made for one is
// never good for another. Pure; thread-safe.
#pragma once

#include <string>
#include <string_view>

namespace papertape::auth {

// 64 hexadecimal digits.
std::string KeyedHash(std::string_view key, std::string_view text);

// The key of one purpose. `purpose` is a fixed text of the code, as in "papertape audit log".
std::string DeriveKey(std::string_view secret_key, std::string_view purpose);

// SHA-256 without a key, 64 hexadecimal digits: for what is too long to guess. A secret that a person chose needs more.
std::string Digest(std::string_view text);

}  // namespace papertape::auth

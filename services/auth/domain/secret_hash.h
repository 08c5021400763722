// Hashes that only this suite can make: what is hashed cannot be guessed from the database, not even six digits.
#pragma once

#include <string>
#include <string_view>

namespace papertape::auth {

// Thread-safe.
class SecretHash {
 public:
  virtual ~SecretHash() = default;
  // 64 hexadecimal digits. Hashes of one text for two purposes have nothing in common.
  virtual std::string Of(std::string_view purpose, std::string_view text) = 0;
  // In a time that tells nothing of where the two differ.
  virtual bool Same(std::string_view one, std::string_view other) = 0;
};

}  // namespace papertape::auth

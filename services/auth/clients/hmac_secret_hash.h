// Hashes by HMAC-SHA256 under a key derived from the suite's secret for each purpose. Thread-safe.
#pragma once

#include <string>

#include "services/auth/domain/secret_hash.h"

namespace papertape::auth {

class HmacSecretHash final : public SecretHash {
 public:
  explicit HmacSecretHash(std::string_view secret_key) : secret_key_(secret_key) {}
  std::string Of(std::string_view purpose, std::string_view text) override;
  bool Same(std::string_view one, std::string_view other) override;

 private:
  const std::string secret_key_;
};

}  // namespace papertape::auth

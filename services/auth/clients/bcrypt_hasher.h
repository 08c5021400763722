// Passwords by bcrypt (`$2b$`) of the system's libcrypt. Cost n takes 2^n rounds; 12 is about a quarter of a second.
// Thread-safe.
#pragma once

#include <memory>
#include <string>

#include "libs/ids/ids.h"
#include "services/auth/domain/ports.h"

namespace papertape::auth {

class BcryptHasher final : public PasswordHasher {
 public:
  // `random` makes the salts and is thread-safe. Fails when the system's libcrypt has no bcrypt.
  static absl::StatusOr<std::unique_ptr<BcryptHasher>> Make(int cost, RandomBits random);

  absl::StatusOr<std::string> Hash(std::string_view password) override;
  bool Matches(std::string_view password, std::string_view hash) override;
  bool IsOutdated(std::string_view hash) override;
  std::string_view Decoy() override { return decoy_; }

 private:
  BcryptHasher(int cost, RandomBits random) : cost_(cost), random_(std::move(random)) {}

  const int cost_;
  const RandomBits random_;
  std::string decoy_;  // of a password that nobody knows
};

}  // namespace papertape::auth

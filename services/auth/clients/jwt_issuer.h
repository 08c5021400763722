// Access tokens for users and their API keys, signed by libs/auth. Thread-safe.
#pragma once

#include "libs/auth/token.h"
#include "libs/ids/ids.h"
#include "services/auth/domain/api_key_ports.h"
#include "services/auth/domain/ports.h"

namespace papertape::auth {

class JwtIssuer final : public TokenIssuer, public KeyTokenIssuer {
 public:
  // `random` makes the token ids and is thread-safe.
  JwtIssuer(const TokenSigner& signer, std::chrono::seconds life, RandomBits random)
      : signer_(signer), life_(life), random_(std::move(random)) {}
  absl::StatusOr<AccessToken> Issue(const User& user, const std::string& session_id) override;
  absl::StatusOr<AccessToken> IssueFor(const User& owner, const ApiKey& key, std::chrono::seconds life) override;
  [[nodiscard]] std::chrono::seconds Life() const override { return life_; }

 private:
  absl::StatusOr<AccessToken> Sign(const Claims& claims, std::chrono::seconds life);

  const TokenSigner& signer_;
  const std::chrono::seconds life_;
  const RandomBits random_;
};

}  // namespace papertape::auth

// A certificate that vouches for itself, for tests.
#pragma once

#include <openssl/types.h>

#include <memory>
#include <string>

namespace papertape::testing {

class Certificate {
 public:
  // For one host: an IP address or a name.
  explicit Certificate(const std::string& host);
  [[nodiscard]] X509* certificate() const { return certificate_.get(); }
  [[nodiscard]] EVP_PKEY* key() const { return key_.get(); }
  [[nodiscard]] std::string Pem() const;

 private:
  std::shared_ptr<X509> certificate_;
  std::shared_ptr<EVP_PKEY> key_;
};

}  // namespace papertape::testing

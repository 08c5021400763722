// Fingerprints by HMAC-SHA256 under a key derived from the suite's secret: whoever reads the database can neither guess
// the text from the fingerprint nor make one. Thread-safe.
#pragma once

#include <string>

#include "services/auth/domain/ports.h"

namespace papertape::auth {

class HmacFingerprinter final : public Fingerprinter {
 public:
  explicit HmacFingerprinter(std::string_view secret_key);
  std::string Of(std::string_view text) override;  // 64 hexadecimal digits

 private:
  std::string key_;
};

}  // namespace papertape::auth

// Which browser origins may read answers. Immutable; thread-safe. Credentials are bearer tokens, never cookies, so
// Access-Control-Allow-Credentials is not sent.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "gateway/http_response.h"

namespace papertape::gateway {

class Cors {
 public:
  // `*` allows every origin; none allows none.
  explicit Cors(std::vector<std::string> origins);
  // Adds what lets `origin` (empty: not a browser's cross-origin request) read the answer.
  void Allow(std::string_view origin, HttpResponse& response) const;
  // The answer to a preflight: which verbs and headers the origin may use.
  [[nodiscard]] HttpResponse Preflight(std::string_view verbs) const;

 private:
  [[nodiscard]] bool IsAllowed(std::string_view origin) const;
  std::vector<std::string> origins_;
  bool any_ = false;
};

}  // namespace papertape::gateway

#include "gateway/cors.h"

#include <algorithm>

namespace papertape::gateway {

Cors::Cors(std::vector<std::string> origins)
    : origins_(std::move(origins)), any_(std::find(origins_.begin(), origins_.end(), "*") != origins_.end()) {
  for (std::string& origin : origins_) {
    if (origin.ends_with('/')) origin.pop_back();
  }
}

bool Cors::IsAllowed(std::string_view origin) const {
  return any_ || std::find(origins_.begin(), origins_.end(), origin) != origins_.end();
}

void Cors::Allow(std::string_view origin, HttpResponse& response) const {
  if (origins_.empty()) return;
  if (!any_) response.AddHeader("Vary", "Origin");
  if (origin.empty() || !IsAllowed(origin)) return;
  response.AddHeader("Access-Control-Allow-Origin", any_ ? "*" : origin);
  response.AddHeader("Access-Control-Expose-Headers",
                     "X-Request-Id, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, Retry-After");
}

HttpResponse Cors::Preflight(std::string_view verbs) const {
  HttpResponse response{.status = 204};
  response.AddHeader("Access-Control-Allow-Methods", verbs);
  response.AddHeader(
      "Access-Control-Allow-Headers",
      "Authorization, Content-Type, Idempotency-Key, X-Request-Id, X-Api-Key, X-Api-Secret, traceparent");
  response.AddHeader("Access-Control-Max-Age", "600");
  return response;
}

}  // namespace papertape::gateway

// Addresses of HTTP servers, and what is asked of them. Pure.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace papertape::http {

struct BaseUrl {
  std::string origin;  // "https://host:port"
  std::string prefix;  // of every path: "/api/v1", or empty
  bool encrypted = true;
};

// "https://host[:port][/prefix]". http:// is taken for this machine alone (127.0.0.1, ::1, localhost): a key must not
// travel in the clear. The error says what is wrong without naming a setting.
absl::StatusOr<BaseUrl> ParseBaseUrl(std::string_view text);

// `text` as one path segment or query value (RFC 3986): everything but unreserved characters as %XX.
std::string Encode(std::string_view text);

// Path and query of an absolute URL, without its origin: "/v2/x?cursor=1" of "https://host/v2/x?cursor=1". The text
// itself when it begins with a slash; empty for anything else.
std::string_view PathOf(std::string_view url);

}  // namespace papertape::http

#include "libs/http/url.h"

#include <algorithm>

namespace papertape::http {
namespace {

bool IsUnreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
         c == '_' || c == '~';
}

bool IsThisMachine(std::string_view authority) {
  for (const std::string_view name : {"127.0.0.1", "[::1]", "localhost"}) {
    if (authority == name || (authority.starts_with(name) && authority[name.size()] == ':')) return true;
  }
  return false;
}

}  // namespace

absl::StatusOr<BaseUrl> ParseBaseUrl(std::string_view text) {
  constexpr std::string_view kSecure = "https://";
  constexpr std::string_view kPlain = "http://";
  BaseUrl url;
  url.encrypted = text.starts_with(kSecure);
  if (!url.encrypted && !text.starts_with(kPlain)) return absl::InvalidArgumentError("must begin with https://");
  const std::size_t start = url.encrypted ? kSecure.size() : kPlain.size();
  const std::size_t slash = std::min(text.find('/', start), text.size());
  const std::string_view authority = text.substr(start, slash - start);
  if (authority.empty() || authority.find_first_of("@?# ") != std::string_view::npos) {
    return absl::InvalidArgumentError("must name a host, and neither user nor query");
  }
  if (!url.encrypted && !IsThisMachine(authority)) {
    return absl::InvalidArgumentError("must begin with https://, unless it is this machine");
  }
  url.origin = text.substr(0, slash);
  url.prefix = text.substr(slash);
  while (url.prefix.ends_with('/')) url.prefix.pop_back();
  if (url.prefix.find_first_of("?# ") != std::string::npos) {
    return absl::InvalidArgumentError("must have neither query nor spaces");
  }
  return url;
}

std::string Encode(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    if (IsUnreserved(c)) {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += kDigits[byte >> 4U];
    out += kDigits[byte & 15U];
  }
  return out;
}

std::string_view PathOf(std::string_view url) {
  if (url.starts_with('/')) return url;
  const std::size_t scheme = url.find("://");
  if (scheme == std::string_view::npos) return {};
  const std::size_t slash = url.find('/', scheme + 3);
  return slash == std::string_view::npos ? std::string_view() : url.substr(slash);
}

}  // namespace papertape::http

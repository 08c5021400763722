#include "libs/redis/address.h"

#include <charconv>
#include <optional>

#include "libs/status/status.h"

namespace papertape::redis {
namespace {

std::optional<int> ToNumber(std::string_view text) {
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number < 0) return std::nullopt;
  return number;
}

// "%40" in a password is "@".
std::string PercentDecode(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned code = 0;
    if (text[i] == '%' && i + 2 < text.size() &&
        std::from_chars(text.data() + i + 1, text.data() + i + 3, code, 16).ptr == text.data() + i + 3) {
      out += static_cast<char>(code);
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

absl::Status Unreadable() {
  return Error(Reason::kINVALID_ARGUMENT,
               "the Redis URL cannot be read; write redis://[[user]:password@]host[:port][/db] or unix:///path[?db=n]");
}

absl::StatusOr<Address> ParseUnix(std::string_view rest) {
  Address address;
  if (const std::size_t query = rest.find("?db="); query != std::string_view::npos) {
    const std::optional<int> database = ToNumber(rest.substr(query + 4));
    if (!database) return Unreadable();
    address.database = *database;
    rest = rest.substr(0, query);
  }
  if (!rest.starts_with('/')) return Unreadable();
  address.path = rest;
  return address;
}

absl::StatusOr<Address> ParseTcp(std::string_view rest) {
  Address address;
  if (const std::size_t at = rest.rfind('@'); at != std::string_view::npos) {
    const std::string_view credentials = rest.substr(0, at);
    const std::size_t colon = credentials.find(':');
    address.user = PercentDecode(credentials.substr(0, colon));
    if (colon != std::string_view::npos) address.password = PercentDecode(credentials.substr(colon + 1));
    rest.remove_prefix(at + 1);
  }
  if (const std::size_t slash = rest.find('/'); slash != std::string_view::npos) {
    const std::optional<int> database = slash + 1 == rest.size() ? 0 : ToNumber(rest.substr(slash + 1));
    if (!database) return Unreadable();
    address.database = *database;
    rest = rest.substr(0, slash);
  }
  // An IPv6 address stands in brackets, so that its colons are not the port's.
  const std::size_t bracket = rest.rfind(']');
  if (const std::size_t colon = rest.rfind(':');
      colon != std::string_view::npos && (bracket == std::string_view::npos || colon > bracket)) {
    const std::optional<int> port = ToNumber(rest.substr(colon + 1));
    if (!port || *port == 0 || *port > 65'535) return Unreadable();
    address.port = *port;
    rest = rest.substr(0, colon);
  }
  if (rest.starts_with('[') && rest.ends_with(']')) rest = rest.substr(1, rest.size() - 2);
  if (rest.empty()) return Unreadable();
  address.host = rest;
  return address;
}

}  // namespace

absl::StatusOr<Address> ParseAddress(std::string_view url) {
  constexpr std::string_view kTcp = "redis://";
  constexpr std::string_view kUnix = "unix://";
  if (url.starts_with(kTcp)) return ParseTcp(url.substr(kTcp.size()));
  if (url.starts_with(kUnix)) return ParseUnix(url.substr(kUnix.size()));
  return Unreadable();
}

}  // namespace papertape::redis

#include "gateway/trusted_proxies.h"

#include <algorithm>
#include <cctype>
#include <charconv>

namespace papertape::gateway {
namespace {

using boost::asio::ip::address;
using boost::asio::ip::address_v6;

constexpr std::size_t kLongestAddress = 45;

address_v6::bytes_type BytesOf(const address& from) {
  if (from.is_v6()) return from.to_v6().to_bytes();
  return boost::asio::ip::make_address_v6(boost::asio::ip::v4_mapped, from.to_v4()).to_bytes();
}

std::string_view Trimmed(std::string_view text) {
  const auto is_blank = [](char c) { return c == ' ' || c == '\t'; };
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

std::optional<address> ParseAddress(std::string_view text) {
  if (text.empty() || text.size() > kLongestAddress || text.find('%') != std::string_view::npos) return std::nullopt;
  boost::system::error_code error;
  const address parsed = boost::asio::ip::make_address(std::string(text), error);
  if (error) return std::nullopt;
  return Unmapped(parsed);
}

// "192.0.2.1", "192.0.2.1:4711", "2001:db8::1", "[2001:db8::1]" or "[2001:db8::1]:4711".
std::optional<address> ParseHop(std::string_view text) {
  text = Trimmed(text);
  if (text.starts_with('[')) {
    const std::size_t end = text.find(']');
    return end == std::string_view::npos ? std::nullopt : ParseAddress(text.substr(1, end - 1));
  }
  const std::size_t colon = text.find(':');
  const bool has_port = colon != std::string_view::npos && text.find(':', colon + 1) == std::string_view::npos;
  return ParseAddress(has_port ? text.substr(0, colon) : text);
}

// The value of `for=` in one element of RFC 7239's Forwarded; empty when there is none.
std::string_view ForOf(std::string_view element) {
  while (!element.empty()) {
    const std::string_view pair = Trimmed(element.substr(0, element.find(';')));
    element.remove_prefix(std::min(element.size(), element.find(';')));
    if (!element.empty()) element.remove_prefix(1);
    if (pair.size() < 4 || pair[3] != '=') continue;
    const auto is = [&](std::size_t at, char lower) {
      return std::tolower(static_cast<unsigned char>(pair[at])) == lower;
    };
    if (!is(0, 'f') || !is(1, 'o') || !is(2, 'r')) continue;
    std::string_view value = pair.substr(4);
    if (value.size() >= 2 && value.front() == '"' && value.back() == '"') value = value.substr(1, value.size() - 2);
    return value;
  }
  return {};
}

// Takes the last of the parts between commas off `line`. No comma stands inside an address, quoted or not.
std::string_view TakeLast(std::string_view& line) {
  const std::size_t comma = line.rfind(',');
  const std::string_view last = comma == std::string_view::npos ? line : line.substr(comma + 1);
  line = comma == std::string_view::npos ? std::string_view() : line.substr(0, comma);
  return last;
}

}  // namespace

address Unmapped(const address& from) {
  if (!from.is_v6() || !from.to_v6().is_v4_mapped()) return from;
  return boost::asio::ip::make_address_v4(boost::asio::ip::v4_mapped, from.to_v6());
}

std::optional<AddressRange> AddressRange::Parse(std::string_view text) {
  const std::size_t slash = text.find('/');
  const std::optional<address> base = ParseAddress(text.substr(0, slash));
  if (!base) return std::nullopt;
  const unsigned most = base->is_v4() ? 32 : 128;
  unsigned bits = most;
  if (slash != std::string_view::npos) {
    const std::string_view digits = text.substr(slash + 1);
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), bits);
    if (error != std::errc() || end != digits.data() + digits.size() || bits > most) return std::nullopt;
  }
  AddressRange range;
  range.prefix_ = BytesOf(*base);
  range.bits_ = bits + (128 - most);
  for (unsigned bit = range.bits_; bit < 128; ++bit) {
    if ((range.prefix_[bit / 8] >> (7 - bit % 8) & 1U) != 0) return std::nullopt;
  }
  return range;
}

bool AddressRange::Contains(const address& candidate) const {
  const address_v6::bytes_type bytes = BytesOf(candidate);
  const std::size_t whole = bits_ / 8;
  if (!std::equal(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(whole), prefix_.begin())) return false;
  const unsigned rest = bits_ % 8;
  return rest == 0 || (bytes[whole] ^ prefix_[whole]) >> (8 - rest) == 0;
}

bool TrustedProxies::Trusts(const address& candidate) const {
  return std::any_of(ranges_.begin(), ranges_.end(),
                     [&](const AddressRange& range) { return range.Contains(candidate); });
}

address TrustedProxies::ClientOf(const address& peer, const HttpRequest& request) const {
  if (ranges_.empty()) return Unmapped(peer);
  return ClientOf(peer, request.Headers(header_ == HeaderKind::kForwarded ? "forwarded" : "x-forwarded-for"));
}

address TrustedProxies::ClientOf(const address& peer, const std::vector<std::string_view>& lines) const {
  address client = Unmapped(peer);
  int hops = 0;
  for (auto line = lines.rbegin(); line != lines.rend(); ++line) {
    std::string_view rest = *line;
    while (!rest.empty()) {
      if (!Trusts(client) || ++hops > kMostHops) return client;
      const std::string_view element = TakeLast(rest);
      const std::optional<address> hop = ParseHop(header_ == HeaderKind::kForwarded ? ForOf(element) : element);
      // What cannot be read was written by nobody who is trusted; the proxy that passed it on is all that is known.
      if (!hop) return client;
      client = *hop;
    }
  }
  return client;
}

}  // namespace papertape::gateway

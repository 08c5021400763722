// Who the client is when proxies stand in front of the gateway. A proxy writes the address that it saw at the end of a
// header; what stands before that came from somebody else and is believed as far as trusted proxies wrote it: the
// client is the last address of the chain that is not a trusted proxy. From a peer that is not trusted the header is
// the client's own word and is not read. Immutable; thread-safe.
#pragma once

#include <boost/asio/ip/address.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/http_request.h"

namespace papertape::gateway {

// Addresses with the same first `bits` bits; an IPv4 address counts as IPv6's ::ffff:a.b.c.d.
class AddressRange {
 public:
  // "10.0.0.0/8", "2001:db8::/32", or one address. Nothing for anything else, also when bits after the first are set.
  static std::optional<AddressRange> Parse(std::string_view text);
  [[nodiscard]] bool Contains(const boost::asio::ip::address& address) const;

 private:
  boost::asio::ip::address_v6::bytes_type prefix_{};
  unsigned bits_ = 0;
};

class TrustedProxies {
 public:
  // Which header the proxies write: one they do not write comes from the client.
  enum class HeaderKind { kXForwardedFor, kForwarded };
  // Longer chains are not walked to their end.
  static constexpr int kMostHops = 16;

  TrustedProxies() = default;
  TrustedProxies(std::vector<AddressRange> ranges, HeaderKind header) : ranges_(std::move(ranges)), header_(header) {}
  // Who sent `request`, which came over a connection from `peer`.
  [[nodiscard]] boost::asio::ip::address ClientOf(const boost::asio::ip::address& peer,
                                                  const HttpRequest& request) const;
  // The same for the header's lines as they came, one text each.
  [[nodiscard]] boost::asio::ip::address ClientOf(const boost::asio::ip::address& peer,
                                                  const std::vector<std::string_view>& lines) const;

 private:
  [[nodiscard]] bool Trusts(const boost::asio::ip::address& address) const;
  std::vector<AddressRange> ranges_;
  HeaderKind header_ = HeaderKind::kXForwardedFor;
};

// An address that IPv6 carries for IPv4 (::ffff:192.0.2.1) as IPv4; any other as it is.
boost::asio::ip::address Unmapped(const boost::asio::ip::address& address);

}  // namespace papertape::gateway

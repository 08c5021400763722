#include "gateway/trusted_proxies.h"

#include "libs/ids/ids.h"
#include "tests/support/catch.h"

namespace papertape::gateway {
namespace {

using boost::asio::ip::make_address;
using HeaderKind = TrustedProxies::HeaderKind;

TrustedProxies Trusting(const std::vector<std::string_view>& ranges, HeaderKind header = HeaderKind::kXForwardedFor) {
  std::vector<AddressRange> parsed;
  for (const std::string_view range : ranges) parsed.push_back(AddressRange::Parse(range).value());
  return {std::move(parsed), header};
}

std::string ClientOf(const TrustedProxies& proxies, const char* peer, const std::vector<std::string_view>& lines) {
  return proxies.ClientOf(make_address(peer), lines).to_string();
}

TEST_CASE("ranges hold the addresses that share their first bits") {
  const auto contains = [](std::string_view range, const char* candidate) {
    return AddressRange::Parse(range).value().Contains(make_address(candidate));
  };
  CHECK(contains("10.0.0.0/8", "10.255.0.1"));
  CHECK_FALSE(contains("10.0.0.0/8", "11.0.0.1"));
  CHECK(contains("192.0.2.128/25", "192.0.2.200"));
  CHECK_FALSE(contains("192.0.2.128/25", "192.0.2.100"));
  CHECK(contains("192.0.2.1", "192.0.2.1"));
  CHECK_FALSE(contains("192.0.2.1", "192.0.2.2"));
  CHECK(contains("192.0.2.1", "::ffff:192.0.2.1"));
  CHECK(contains("0.0.0.0/0", "203.0.113.1"));
  CHECK_FALSE(contains("0.0.0.0/0", "2001:db8::1"));
  CHECK(contains("2001:db8::/33", "2001:db8:7fff::1"));
  CHECK_FALSE(contains("2001:db8::/33", "2001:db8:8000::1"));
  CHECK(contains("::/0", "2001:db8::1"));
}

TEST_CASE("what is no range is refused") {
  for (const char* text : {"", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/8x", "10.0.0.1/8", "10.0.0",
                           "host", "2001:db8::/129", "2001:db8::1/64", "fe80::1%eth0", "10.0.0.0/8/8"}) {
    CAPTURE(text);
    CHECK_FALSE(AddressRange::Parse(text));
  }
}

TEST_CASE("the client is the last of the chain that is not a trusted proxy") {
  const TrustedProxies proxies = Trusting({"10.0.0.0/8", "2001:db8:f::/48"});
  CHECK(ClientOf(proxies, "10.0.0.1", {"203.0.113.9"}) == "203.0.113.9");
  CHECK(ClientOf(proxies, "10.0.0.1", {"198.51.100.7, 203.0.113.9, 10.1.1.1"}) == "203.0.113.9");
  CHECK(ClientOf(proxies, "10.0.0.1", {"198.51.100.7", "203.0.113.9,10.1.1.1"}) == "203.0.113.9");
  CHECK(ClientOf(proxies, "2001:db8:f::1", {"2001:db8::9"}) == "2001:db8::9");
  CHECK(ClientOf(proxies, "::ffff:10.0.0.1", {"::ffff:203.0.113.9"}) == "203.0.113.9");
  CHECK(ClientOf(proxies, "10.0.0.1", {"203.0.113.9:4711"}) == "203.0.113.9");
  CHECK(ClientOf(proxies, "10.0.0.1", {"[2001:db8::9]:4711"}) == "2001:db8::9");
  CHECK(ClientOf(proxies, "10.0.0.1", {}) == "10.0.0.1");
  CHECK(ClientOf(proxies, "10.0.0.1", {"10.0.0.2, 10.0.0.3"}) == "10.0.0.2");
}

TEST_CASE("a forged header changes nothing") {
  const TrustedProxies proxies = Trusting({"10.0.0.0/8"});
  // From a peer that is nobody's proxy, and in front of what the proxy itself wrote.
  CHECK(ClientOf(proxies, "192.0.2.1", {"203.0.113.9"}) == "192.0.2.1");
  CHECK(ClientOf(proxies, "10.0.0.1", {"127.0.0.1, 10.9.9.9, 203.0.113.9"}) == "203.0.113.9");
  CHECK(ClientOf(TrustedProxies(), "10.0.0.1", {"203.0.113.9"}) == "10.0.0.1");
  for (const char* nonsense : {"unknown", "", " , ", "203.0.113.9 x", "[::1", "1.2.3", ":::ffff", "'; drop"}) {
    CAPTURE(nonsense);
    CHECK(ClientOf(proxies, "10.0.0.1", {nonsense}) == "10.0.0.1");
    CHECK(ClientOf(proxies, "10.0.0.1", {std::string("203.0.113.9, ") + nonsense + ", 10.0.0.2"}) == "10.0.0.2");
  }
}

TEST_CASE("RFC 7239's header is read where it is the one that the proxies write") {
  const TrustedProxies proxies = Trusting({"10.0.0.0/8"}, HeaderKind::kForwarded);
  CHECK(ClientOf(proxies, "10.0.0.1", {"for=203.0.113.9;proto=https;by=10.0.0.1"}) == "203.0.113.9");
  CHECK(ClientOf(proxies, "10.0.0.1", {"for=198.51.100.7, proto=https; For=\"[2001:db8::9]:47\""}) == "2001:db8::9");
  CHECK(ClientOf(proxies, "10.0.0.1", {"for=203.0.113.9, for=10.0.0.7"}) == "203.0.113.9");
  for (const char* nonsense : {"for=_hidden", "for=unknown", "for=", "for=\"", "proto=https", "203.0.113.9", ";;;"}) {
    CAPTURE(nonsense);
    CHECK(ClientOf(proxies, "10.0.0.1", {nonsense}) == "10.0.0.1");
  }
}

TEST_CASE("a long chain is walked for a bounded number of hops") {
  const TrustedProxies proxies = Trusting({"10.0.0.0/8"});
  std::string chain = "203.0.113.9";
  for (int i = 0; i < 5'000; ++i) chain += ",10.0.0." + std::to_string(i % 250);
  CHECK(ClientOf(proxies, "10.0.0.1", {chain}).starts_with("10.0.0."));
}

TEST_CASE("whatever a client writes, the answer is what the proxy saw") {
  const TrustedProxies proxies = Trusting({"10.0.0.0/8"});
  const TrustedProxies standard = Trusting({"10.0.0.0/8"}, HeaderKind::kForwarded);
  const RandomBits random = SeededRandom(7);
  constexpr std::string_view kAlphabet = "0123456789abcdef:.[]%/, ;=\"for\t";
  for (int round = 0; round < 20'000; ++round) {
    std::string written;
    for (std::uint64_t left = random() % 60; left > 0; --left) written += kAlphabet[random() % kAlphabet.size()];
    CAPTURE(written);
    REQUIRE(ClientOf(proxies, "10.0.0.1", {written + ",203.0.113.9"}) == "203.0.113.9");
    REQUIRE(ClientOf(proxies, "10.0.0.1", {written, "203.0.113.9"}) == "203.0.113.9");
    REQUIRE(ClientOf(proxies, "192.0.2.1", {written}) == "192.0.2.1");
    REQUIRE(ClientOf(standard, "10.0.0.1", {written, "for=203.0.113.9"}) == "203.0.113.9");
  }
}

}  // namespace
}  // namespace papertape::gateway

#include "services/auth/domain/client_network.h"

#include "tests/support/catch.h"

namespace papertape::auth {
namespace {

TEST_CASE("an IPv4 address is its own network, also inside IPv6") {
  CHECK(ClientNetwork("192.0.2.7") == "192.0.2.7");
  CHECK(ClientNetwork("::ffff:192.0.2.7") == "::ffff:192.0.2.7");
  CHECK(ClientNetwork("").empty());
}

TEST_CASE("all addresses of a /64 are one network, however they are written") {
  for (const char* address :
       {"2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff", "2001:0DB8:0001:0002::", "2001:db8:1:2:0:0:0:9"}) {
    CHECK(ClientNetwork(address) == "2001:db8:1:2::/64");
  }
  CHECK(ClientNetwork("2001:db8::1") == "2001:db8:0:0::/64");
  CHECK(ClientNetwork("::1") == "0:0:0:0::/64");
  CHECK(ClientNetwork("::2:0:0:0:1") == "0:0:0:2::/64");
  CHECK(ClientNetwork("2001:db8:1:3::1") != ClientNetwork("2001:db8:1:2::1"));
}

}  // namespace
}  // namespace papertape::auth

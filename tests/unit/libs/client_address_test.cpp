#include "libs/rpc/client_address.h"

#include "tests/support/catch.h"

namespace papertape::rpc {
namespace {

TEST_CASE("an address that is vouched for is the client's") {
  CHECK(ClientAddress("203.0.113.9", "unix:") == "203.0.113.9");
  CHECK(ClientAddress("2001:db8::1", "ipv4:192.0.2.1:4711") == "2001:db8::1");
}

TEST_CASE("without one the client is who has connected") {
  CHECK(ClientAddress("", "ipv4:192.0.2.1:4711") == "192.0.2.1");
  CHECK(ClientAddress("", "ipv6:%5B2001:db8::1%5D:4711") == "2001:db8::1");
  CHECK(ClientAddress("", "ipv6:[2001:db8::1]:4711") == "2001:db8::1");
  CHECK(ClientAddress("", "ipv6:%5Bfe80::1%25eth0%5D:4711") == "fe80::1");
}

TEST_CASE("what is no address is nobody's") {
  for (const char* peer : {"unix:", "unix:/run/auth.sock", "", "ipv4", "ipv4:", "ipv4:x:1", "ipv6:%5B%5D:1"}) {
    CAPTURE(peer);
    CHECK(ClientAddress("", peer).empty());
  }
  CHECK(ClientAddress("'; drop table users", "ipv4:192.0.2.1:4711") == "192.0.2.1");
}

}  // namespace
}  // namespace papertape::rpc

#include "libs/http/url.h"

#include "tests/support/catch.h"

namespace papertape::http {
namespace {

TEST_CASE("a base URL is an origin and what stands before every path") {
  const BaseUrl url = ParseBaseUrl("https://finnhub.io/api/v1/").value();
  CHECK(url.origin == "https://finnhub.io");
  CHECK(url.prefix == "/api/v1");
  CHECK(url.encrypted);
  CHECK(ParseBaseUrl("https://api.polygon.io:8443")->origin == "https://api.polygon.io:8443");
}

TEST_CASE("a key travels in the clear on this machine alone") {
  CHECK(ParseBaseUrl("http://127.0.0.1:8080").ok());
  CHECK(ParseBaseUrl("http://localhost").ok());
  for (const char* text : {"http://api.tiingo.com", "http://127.0.0.1.example.com", "http://localhosts", "ftp://host",
                           "api.tiingo.com", "https://", "https://user:secret@host", "https://host/a?key=b"}) {
    CAPTURE(text);
    CHECK_FALSE(ParseBaseUrl(text).ok());
  }
}

TEST_CASE("what is not unreserved is encoded") {
  CHECK(Encode("^BSESN") == "%5EBSESN");
  CHECK(Encode("a b/c?d&e=f") == "a%20b%2Fc%3Fd%26e%3Df");
  CHECK(Encode("BRK-B_1.x~") == "BRK-B_1.x~");
  CHECK(Encode("\xC3\xA9\r\n") == "%C3%A9%0D%0A");
}

TEST_CASE("of another server's address only the path is followed") {
  CHECK(PathOf("https://api.polygon.io/v2/aggs?cursor=abc") == "/v2/aggs?cursor=abc");
  CHECK(PathOf("/v2/aggs") == "/v2/aggs");
  CHECK(PathOf("https://api.polygon.io").empty());
  CHECK(PathOf("cursor=abc").empty());
}

}  // namespace
}  // namespace papertape::http

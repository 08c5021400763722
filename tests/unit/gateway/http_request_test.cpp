#include "gateway/http_request.h"

#include <boost/asio/buffer.hpp>

#include "tests/support/catch.h"

namespace papertape::gateway {
namespace {

// Feeds `bytes` in pieces, as a connection does: what is not consumed comes again with more.
boost::beast::error_code Feed(HttpParser& parser, std::string_view bytes, std::size_t piece) {
  boost::beast::error_code error;
  std::string held;
  for (std::size_t at = 0; at < bytes.size() && !parser.is_done(); at += piece) {
    held.append(bytes.substr(at, piece));
    held.erase(0, parser.put(boost::asio::buffer(held), error));
    if (error && error != boost::beast::http::error::need_more) return error;
  }
  return parser.is_done() ? boost::beast::error_code() : error;
}

TEST_CASE("a request reads the same in pieces of any length") {
  struct Case {
    const char* bytes;
    const char* body;
  };
  for (const auto& [bytes, body] : std::vector<Case>{
           {"POST /a?b=c&d HTTP/1.1\r\nHost: h\r\nX-Test: t\r\nContent-Length: 3\r\n\r\nabc", "abc"},
           {"POST /a?b=c&d HTTP/1.1\r\nX-Test: t\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", ""},
           {"POST /a?b=c&d HTTP/1.1\r\nX-Test: t\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1;e=f\r\nc\r\n0\r\nT: "
            "t\r\n\r\n",
            "abc"}}) {
    for (std::size_t piece = 1; piece <= std::string_view(bytes).size(); ++piece) {
      CAPTURE(bytes, piece);
      HttpRequest request;
      HttpParser parser(request, 4'096, 1'000);
      REQUIRE_FALSE(Feed(parser, bytes, piece));
      CHECK(parser.is_done());
      CHECK(request.verb() == "POST");
      CHECK(request.path() == "/a");
      CHECK(request.query() == "b=c&d");
      CHECK(request.Header("x-test") == "t");
      CHECK(request.body() == body);
    }
  }
}

TEST_CASE("the head's limit counts all of it, however it is cut") {
  std::string bytes = "GET / HTTP/1.1\r\n";
  for (int i = 0; i < 100; ++i) bytes += "X-Header-" + std::to_string(i) + ": 1\r\n";
  for (const std::size_t piece : {std::size_t{1}, std::size_t{20}, bytes.size()}) {
    HttpRequest request;
    HttpParser parser(request, 1'000, 1'000);
    CHECK(Feed(parser, bytes, piece) == boost::beast::http::error::header_limit);
  }
}

}  // namespace
}  // namespace papertape::gateway

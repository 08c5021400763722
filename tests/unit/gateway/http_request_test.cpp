#include "gateway/http_request.h"

#include <boost/asio/buffer.hpp>
#include <functional>
#include <random>

#include "gateway/multipart.h"
#include "tests/support/matchers.h"

namespace papertape::gateway {
namespace {

// Feeds `bytes` in pieces of what `next` says, as a connection does: what is not consumed comes again with more.
boost::beast::error_code Feed(HttpParser& parser, std::string_view bytes, const std::function<std::size_t()>& next) {
  boost::beast::error_code error;
  std::string held;
  while (!bytes.empty() && !parser.is_done()) {
    const std::size_t piece = std::min(next(), bytes.size());
    held.append(bytes.substr(0, piece));
    bytes.remove_prefix(piece);
    held.erase(0, parser.put(boost::asio::buffer(held), error));
    if (error && error != boost::beast::http::error::need_more) return error;
  }
  return parser.is_done() ? boost::beast::error_code() : error;
}

boost::beast::error_code Feed(HttpParser& parser, std::string_view bytes, std::size_t piece) {
  return Feed(parser, bytes, [piece] { return piece; });
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

// `body` chunked (RFC 9112, 7.1), in chunks of random lengths.
std::string Chunked(std::string_view body, std::mt19937& random) {
  std::string bytes;
  while (!body.empty()) {
    const std::size_t length = std::min<std::size_t>(1 + random() % 90, body.size());
    char size[16];
    std::snprintf(size, sizeof size, "%zx\r\n", length);
    bytes.append(size).append(body.substr(0, length)).append("\r\n");
    body.remove_prefix(length);
  }
  return bytes + "0\r\n\r\n";
}

TEST_CASE("a form reads the same in random pieces, with a length and in random chunks") {
  const unsigned int seed = GENERATE(1U, 2U, 3U, 4U, 5U, 6U, 7U, 8U);
  CAPTURE(seed);
  std::mt19937 random(seed);
  // A file made of what the parser looks for: beginnings of the boundary, ends of lines and of heads.
  const std::vector<std::string> scraps{"--Xy", "\r\n", "\r\n--Xy", "--", "\r", "\n", "x", "\r\n\r\n", {"\0", 1}};
  std::string file;
  for (int i = 0; i < 200; ++i) file += scraps[random() % scraps.size()];
  const std::string form =
      "--XyZ\r\nContent-Disposition: form-data; name=title\r\n\r\nsea\r\n"
      "--XyZ\r\nContent-Disposition: form-data; name=file; filename=\"sea.png\"\r\n\r\n" +
      file + "\r\n--XyZ--\r\n";
  const std::string head = "POST /pictures HTTP/1.1\r\nContent-Type: multipart/form-data; boundary=XyZ\r\n";
  for (const bool is_chunked : {false, true}) {
    const std::string bytes =
        head + (is_chunked ? "Transfer-Encoding: chunked\r\n\r\n" + Chunked(form, random)
                           : "Content-Length: " + std::to_string(form.size()) + "\r\n\r\n" + form);
    for (int turn = 0; turn < 20; ++turn) {
      HttpRequest request;
      HttpParser parser(request, 4'096, 100'000);
      REQUIRE_FALSE(Feed(parser, bytes, [&] { return 1 + random() % 200; }));
      const auto parts = ParseForm(request.Header("content-type"), request.body());
      REQUIRE_THAT(parts.status(), papertape::testing::IsOk());
      REQUIRE(parts->size() == 2);
      CHECK((*parts)[0].content == "sea");
      CHECK((*parts)[1].content == file);
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

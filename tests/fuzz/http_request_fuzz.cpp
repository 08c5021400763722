// Whatever comes over the wire: however it is cut into pieces, the parser comes to the same end.
#include <boost/asio/buffer.hpp>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "gateway/http_request.h"

namespace {

using papertape::gateway::HttpParser;
using papertape::gateway::HttpRequest;

// What became of one request.
std::string Parse(std::string_view bytes, std::size_t piece) {
  HttpRequest request;
  HttpParser parser(request, 4'096, 10'000);
  boost::beast::error_code error;
  std::string held;
  for (std::size_t at = 0; at < bytes.size() && !parser.is_done(); at += piece) {
    held.append(bytes.substr(at, piece));
    const std::size_t used = parser.put(boost::asio::buffer(held), error);
    held.erase(0, used);
    if (error && error != boost::beast::http::error::need_more) return "refused";
  }
  if (!parser.is_done()) return "more";
  return std::string(request.verb()) + '\n' + std::string(request.target()) + '\n' + std::string(request.path()) +
         std::string(request.query()) + '\n' + std::string(request.Header("content-type")) + '\n' + request.body();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const std::string whole = Parse(bytes, bytes.size() + 1);
  // What a limit refuses in one piece may be too short to be refused yet in another.
  for (const std::size_t piece : {std::size_t{1}, std::size_t{7}}) {
    const std::string cut = Parse(bytes, piece);
    if (cut != whole && cut != "refused" && whole != "refused") std::abort();
  }
  return 0;
}

#include "gateway/http_response.h"

#include <array>
#include <boost/beast/http/status.hpp>  // after <ostream>, which it needs and does not include
#include <charconv>
#include <ostream>

namespace papertape::gateway {
namespace {

// What every answer says to browsers. Answers are data about one user: never stored, framed, guessed at or run.
constexpr std::string_view kSecurityHeaders =
    "X-Content-Type-Options: nosniff\r\n"
    "X-Frame-Options: DENY\r\n"
    "Referrer-Policy: no-referrer\r\n"
    "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'\r\n"
    "Cross-Origin-Resource-Policy: same-origin\r\n"
    "Cache-Control: no-store\r\n";

void AppendNumber(std::size_t number, std::string& out) {
  std::array<char, 24> buffer{};
  out.append(buffer.data(), std::to_chars(buffer.data(), buffer.data() + buffer.size(), number).ptr);
}

}  // namespace

std::string_view PhraseOf(int status) {
  const auto phrase = boost::beast::http::obsolete_reason(static_cast<boost::beast::http::status>(status));
  return {phrase.data(), phrase.size()};
}

void AppendResponse(const HttpResponse& response, const ResponseContext& context, std::string& out) {
  out.reserve(out.size() + 512 + response.headers.size() + response.body.size());
  out += "HTTP/1.1 ";
  AppendNumber(static_cast<std::size_t>(response.status), out);
  out.append(" ").append(PhraseOf(response.status)).append("\r\nDate: ").append(context.date).append("\r\n");
  const bool has_body = response.status != 204 && response.status != 304 && response.status >= 200;
  if (has_body) {
    out.append("Content-Type: ").append(response.content_type).append("\r\nContent-Length: ");
    AppendNumber(response.body.size(), out);
    out += "\r\n";
  }
  out += response.headers;
  out += kSecurityHeaders;
  if (context.is_tls) out += "Strict-Transport-Security: max-age=31536000\r\n";
  if (!context.keep_alive) {
    out += "Connection: close\r\n";
  } else if (context.is_http_1_0) {
    out += "Connection: keep-alive\r\n";
  }
  out += "\r\n";
  if (has_body && !context.is_head) out += response.body;
}

}  // namespace papertape::gateway

// An answer before it has bytes, and how it gets them. Values; stateless.
#pragma once

#include <string>
#include <string_view>

namespace papertape::gateway {

inline constexpr std::string_view kJsonType = "application/json";
inline constexpr std::string_view kProblemType = "application/problem+json";

struct HttpResponse {
  int status = 200;
  std::string_view content_type = kJsonType;  // a constant
  std::string headers;                        // whole lines, "Name: value\r\n", besides those that every answer has
  std::string body;
  bool close = false;  // end the connection after it

  // `value` must be free of line breaks.
  void AddHeader(std::string_view name, std::string_view value) {
    headers.append(name).append(": ").append(value).append("\r\n");
  }
};

// What the connection knows of an answer.
struct ResponseContext {
  std::string_view date;  // "Fri, 20 Nov 2026 10:00:00 GMT"
  bool keep_alive = true;
  bool is_http_1_0 = false;
  bool is_head = false;
  bool is_tls = false;
};

// Appends the answer's bytes: head, security headers, body (the length alone for HEAD).
void AppendResponse(const HttpResponse& response, const ResponseContext& context, std::string& out);

// "Not Found".
std::string_view PhraseOf(int status);

}  // namespace papertape::gateway

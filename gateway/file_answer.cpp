#include "gateway/file_answer.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace papertape::gateway {
namespace {

constexpr std::string_view kUnknownType = "application/octet-stream";
constexpr std::array<std::string_view, 6> kFileTypes{"application/pdf", "image/png",        "image/jpeg",
                                                     "text/csv",        "application/json", "application/zip"};

// RFC 8187, attr-char.
bool IsPlain(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
         std::string_view("!#$&+-.^_`|~").find(c) != std::string_view::npos;
}

}  // namespace

std::string AttachmentNamed(std::string_view name) {
  if (name.empty()) return "attachment";
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string plain;
  std::string encoded;
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    plain += byte >= 0x20 && byte < 0x7f && c != '"' && c != '\\' ? c : '_';
    if (IsPlain(c)) {
      encoded += c;
    } else {
      encoded += '%';
      encoded += kHex[byte >> 4U];
      encoded += kHex[byte & 15U];
    }
  }
  return "attachment; filename=\"" + plain + "\"; filename*=UTF-8''" + encoded;
}

HttpResponse ToAnswer(const type::v1::File& file) {
  const auto* const known = std::find(kFileTypes.begin(), kFileTypes.end(), file.content_type());
  HttpResponse response{.content_type = known != kFileTypes.end() ? *known : kUnknownType, .body = file.content()};
  response.AddHeader("Content-Disposition", AttachmentNamed(file.name()));
  return response;
}

}  // namespace papertape::gateway

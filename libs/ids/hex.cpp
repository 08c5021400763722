#include "libs/ids/hex.h"

namespace papertape {

void AppendHex(std::string_view bytes, std::string& out) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::size_t at = out.size();
  out.resize(at + 2 * bytes.size());
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    out[at++] = kDigits[byte >> 4U];
    out[at++] = kDigits[byte & 15U];
  }
}

std::string ToHex(std::string_view bytes) {
  std::string text;
  AppendHex(bytes, text);
  return text;
}

}  // namespace papertape

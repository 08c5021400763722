#include <charconv>

#include "services/auth/domain/file_parts.h"

namespace papertape::auth {
namespace {

constexpr std::string_view kEnd = "%%EOF";
constexpr std::string_view kSpaces("\r\n \t\f\0", 6);

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

std::string_view TrimEnd(std::string_view text) { return text.substr(0, text.find_last_not_of(kSpaces) + 1); }
std::string_view TrimStart(std::string_view text) {
  return text.substr(std::min(text.size(), text.find_first_not_of(kSpaces)));
}

// "1.0" to "1.7", or "2.0", and the line's end.
bool HasVersion(std::string_view text) {
  return text.size() >= 4 && (text[0] == '1' || text[0] == '2') && text[1] == '.' && IsDigit(text[2]) &&
         kSpaces.find(text[3]) != std::string_view::npos;
}

// A cross-reference table, or the object of a cross-reference stream: "12 0 obj".
bool IsCrossReference(std::string_view text) {
  if (text.starts_with("xref")) return true;
  const std::string_view line = text.substr(0, 64);
  return !line.empty() && IsDigit(line.front()) && line.find(" obj") != std::string_view::npos;
}

}  // namespace

std::string PdfProblem(std::string_view bytes) {
  constexpr std::string_view kBroken = "is a broken PDF";
  if (!HasVersion(bytes.substr(5))) return std::string(kBroken);
  const std::string_view whole = TrimEnd(bytes);
  if (!whole.ends_with(kEnd)) {
    return bytes.find(kEnd) == std::string_view::npos ? "is a PDF that was cut short"
                                                      : "is a PDF with something behind its end";
  }
  // startxref, the offset, %%EOF
  const std::string_view before = TrimEnd(whole.substr(0, whole.size() - kEnd.size()));
  const std::size_t word = before.rfind("startxref");
  if (word == std::string_view::npos) return std::string(kBroken);
  const std::string_view digits = TrimStart(before.substr(word + 9));
  std::uint64_t offset = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), offset);
  if (error != std::errc() || end != digits.data() + digits.size() || offset >= bytes.size()) {
    return std::string(kBroken);
  }
  return IsCrossReference(TrimStart(bytes.substr(offset))) ? "" : std::string(kBroken);
}

}  // namespace papertape::auth

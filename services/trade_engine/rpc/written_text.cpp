#include "services/trade_engine/rpc/written_text.h"

#include <algorithm>

#include "fmt/format.h"

namespace papertape::trade_engine {
namespace {

// Of valid UTF-8, which the wire guarantees: every byte that does not go on with a character begins one.
std::size_t Characters(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

bool IsLine(std::string_view text) {
  return std::none_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7F;
  });
}

bool IsBlank(std::string_view text) { return text.find_first_not_of(' ') == std::string_view::npos; }

}  // namespace

void CheckText(std::string_view text, std::size_t most, std::string_view field, Violations& violations) {
  // No column of the database can hold U+0000.
  violations.Check(Characters(text) <= most && text.find('\0') == std::string_view::npos, field,
                   fmt::format("must be a text of at most {} characters", most));
}

void CheckLine(std::string_view text, std::size_t most, std::string_view field, Violations& violations) {
  violations.Check(Characters(text) <= most && IsLine(text), field,
                   fmt::format("must be one line of at most {} characters", most));
}

std::vector<std::string> DecodeTags(const Texts& tags, Violations& violations) {
  violations.Check(tags.size() <= kMostTags, "tags", fmt::format("must be at most {}", kMostTags));
  std::vector<std::string> decoded;
  for (const std::string& tag : tags) {
    const bool fits = !IsBlank(tag) && Characters(tag) <= kTagLength && IsLine(tag);
    if (!violations.Check(fits, "tags", fmt::format("must be lines of 1 to {} characters", kTagLength))) break;
    if (std::find(decoded.begin(), decoded.end(), tag) == decoded.end()) decoded.push_back(tag);
  }
  return decoded;
}

void EncodeTags(const std::vector<std::string>& tags, Texts& out) {
  for (const std::string& tag : tags) *out.Add() = tag;
}

}  // namespace papertape::trade_engine

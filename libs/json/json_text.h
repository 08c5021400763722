// JSON's texts: strings, UTF-8, base64. Pure; thread-safe.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace papertape::json {

// Appends `text` as a JSON string, quotes included; invalid UTF-8 becomes U+FFFD.
void AppendString(std::string_view text, std::string& out);
// The length of the UTF-8 sequence at the start of `text`, 0 when it is not one. `text` must not be empty.
std::size_t Utf8SequenceLength(std::string_view text);
bool IsUtf8(std::string_view text);

// RFC 4648, with padding.
void AppendBase64(std::string_view bytes, std::string& out);
// The standard and the URL-safe alphabet, with or without padding; nothing for anything else.
std::optional<std::string> ParseBase64(std::string_view text);

}  // namespace papertape::json

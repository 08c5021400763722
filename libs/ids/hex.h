// Bytes as lower-case hexadecimal: digests, ids, `bytea`. Pure; thread-safe.
#pragma once

#include <string>
#include <string_view>

namespace papertape {

void AppendHex(std::string_view bytes, std::string& out);
std::string ToHex(std::string_view bytes);

}  // namespace papertape

// Multipart forms (RFC 7578), strictly: the body is the parts between its boundary lines and nothing else, every part
// has a name, and both the parts and their heads are bounded. Parts point into the body, which is not copied.
// Stateless; thread-safe.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace papertape::gateway {

struct FormPart {
  std::string name;
  std::optional<std::string> file_name;  // present: the part is a file
  std::string_view content;
};

inline constexpr std::size_t kMaxFormParts = 64;
inline constexpr std::size_t kMaxPartHeadBytes = 4'096;

bool IsFormType(std::string_view content_type);

// The parts in their order; MALFORMED_REQUEST. `content_type` is the request's, with the boundary.
absl::StatusOr<std::vector<FormPart>> ParseForm(std::string_view content_type, std::string_view body);

}  // namespace papertape::gateway

// Path templates of google.api.http: "/trades/exit/{trade_id}". Pure; thread-safe.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace papertape::gateway {

// A template is segments between slashes; each is a literal, or one segment of any text, or (the last) all the rest.
struct HttpTemplate {
  enum class Kind { kLiteral, kAny, kRest };
  struct Segment {
    Kind kind = Kind::kLiteral;
    std::string text;  // of a literal
  };
  // `{user.id}`: the field that the text of one segment goes to.
  struct Variable {
    std::vector<std::string> field_path;
    std::size_t segment = 0;
  };
  std::vector<Segment> segments;
  std::vector<Variable> variables;
};

// Understands literals, `*`, `**`, `{field}`, `{field=*}` and `{field=**}`, fields with dots. Anything else that the
// standard allows (verbs after a colon, literals inside a variable) is refused: no proto of ours needs it.
absl::StatusOr<HttpTemplate> ParseHttpTemplate(std::string_view text);

// The segments of a path, still encoded: "/a//b/" -> "a", "", "b". Slashes at the end never matter.
std::vector<std::string_view> SplitPath(std::string_view path);
// Replaces `out` by the text with %XX decoded (and `+` as a space in queries). False for a broken escape.
bool PercentDecode(std::string_view text, bool plus_is_space, std::string& out);

}  // namespace papertape::gateway

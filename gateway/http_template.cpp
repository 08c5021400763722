#include "gateway/http_template.h"

#include <algorithm>

#include "fmt/format.h"

namespace papertape::gateway {
namespace {

absl::Status Refuse(std::string_view text, std::string_view why) {
  return absl::InvalidArgumentError(fmt::format("path template {}: {}", text, why));
}

bool IsFieldName(std::string_view name) {
  return !name.empty() &&
         std::all_of(name.begin(), name.end(), [](unsigned char c) { return std::isalnum(c) != 0 || c == '_'; });
}

// "user.id" -> "user", "id"; empty when a part is no field name.
std::vector<std::string> ParseFieldPath(std::string_view text) {
  std::vector<std::string> path;
  while (true) {
    const std::size_t dot = text.find('.');
    const std::string_view name = text.substr(0, dot);
    if (!IsFieldName(name)) return {};
    path.emplace_back(name);
    if (dot == std::string_view::npos) return path;
    text.remove_prefix(dot + 1);
  }
}

int HexValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

absl::StatusOr<HttpTemplate> ParseHttpTemplate(std::string_view text) {
  if (text.empty() || text.front() != '/') return Refuse(text, "must begin with a slash");
  HttpTemplate result;
  for (const std::string_view part : SplitPath(text)) {
    std::string_view pattern = part;
    if (!result.segments.empty() && result.segments.back().kind == HttpTemplate::Kind::kRest) {
      return Refuse(text, "** must be the last segment");
    }
    if (part.size() > 1 && part.front() == '{' && part.back() == '}') {
      const std::string_view inside = part.substr(1, part.size() - 2);
      const std::size_t equals = inside.find('=');
      pattern = equals == std::string_view::npos ? "*" : inside.substr(equals + 1);
      HttpTemplate::Variable variable{ParseFieldPath(inside.substr(0, equals)), result.segments.size()};
      if (variable.field_path.empty() || (pattern != "*" && pattern != "**")) {
        return Refuse(text, "a variable is {field}, {field=*} or {field=**}");
      }
      result.variables.push_back(std::move(variable));
    }
    if (pattern == "*") {
      result.segments.push_back({HttpTemplate::Kind::kAny, ""});
    } else if (pattern == "**") {
      result.segments.push_back({HttpTemplate::Kind::kRest, ""});
    } else if (pattern.empty() || pattern.find_first_of("{}*:?%") != std::string_view::npos) {
      return Refuse(text, "a literal segment is plain text");
    } else {
      result.segments.push_back({HttpTemplate::Kind::kLiteral, std::string(pattern)});
    }
  }
  return result;
}

std::vector<std::string_view> SplitPath(std::string_view path) {
  while (!path.empty() && path.back() == '/') path.remove_suffix(1);
  std::vector<std::string_view> segments;
  if (path.empty()) return segments;
  if (path.front() == '/') path.remove_prefix(1);
  segments.reserve(static_cast<std::size_t>(std::count(path.begin(), path.end(), '/')) + 1);
  while (true) {
    const std::size_t slash = path.find('/');
    segments.push_back(path.substr(0, slash));
    if (slash == std::string_view::npos) return segments;
    path.remove_prefix(slash + 1);
  }
}

bool PercentDecode(std::string_view text, bool plus_is_space, std::string& out) {
  out.clear();
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+' && plus_is_space) {
      out += ' ';
    } else if (text[i] != '%') {
      out += text[i];
    } else {
      const int high = i + 2 < text.size() ? HexValue(text[i + 1]) : -1;
      const int low = i + 2 < text.size() ? HexValue(text[i + 2]) : -1;
      if (high < 0 || low < 0) return false;
      out += static_cast<char>(high * 16 + low);
      i += 2;
    }
  }
  return true;
}

}  // namespace papertape::gateway

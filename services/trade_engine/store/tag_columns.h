// Tags in a column of type text[]. A tag has no control characters, so one of them may stand between tags that are
// read.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "libs/pg/pool.h"

namespace papertape::trade_engine {

// As a parameter for `text[]`.
inline pg::Param TagsParam(const std::vector<std::string>& tags) {
  if (tags.empty()) return "{}";
  pg::ArrayParam column;
  for (const std::string& tag : tags) column.Add(tag);
  return column.Finish();
}

// How a select names the column so that ToTags reads it.
inline constexpr std::string_view kTagsColumn = "array_to_string(tags, E'\\x1f')";

inline std::vector<std::string> ToTags(std::string_view joined) {
  std::vector<std::string> tags;
  while (!joined.empty()) {
    const std::size_t end = joined.find('\x1f');
    tags.emplace_back(joined.substr(0, end));
    joined.remove_prefix(end == std::string_view::npos ? joined.size() : end + 1);
  }
  return tags;
}

}  // namespace papertape::trade_engine

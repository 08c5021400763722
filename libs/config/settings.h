// Settings are the environment. A service reads each of its settings once, at start, into one struct; every mistake is
// collected and reported together. Names that begin with PAPERTAPE_ and are not in names.def are refused: a misspelt
// setting must not be a silent default. Values of secrets appear in no message.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"

namespace papertape {

class Settings {
 public:
  explicit Settings(std::map<std::string, std::string> environment);
  static Settings FromEnvironment();

  // Every getter answers the fallback when the name is unset or empty, and when the value is wrong (which is noted).
  std::string Text(std::string_view name, std::string_view fallback);
  // Notes a mistake when unset or empty.
  std::string Required(std::string_view name);
  // Like Required, at least `min_bytes` long; the value is never part of a message.
  std::string Secret(std::string_view name, std::size_t min_bytes);
  std::int64_t Integer(std::string_view name, std::int64_t fallback, std::int64_t min, std::int64_t max);
  // A whole number of milliseconds.
  std::chrono::milliseconds Millis(std::string_view name, std::int64_t fallback_ms, std::int64_t min_ms,
                                   std::int64_t max_ms);
  // `true`, `false`, `1`, `0`, `yes`, `no`, `on`, `off`.
  bool Flag(std::string_view name, bool fallback);
  std::string OneOf(std::string_view name, std::string_view fallback, const std::vector<std::string>& allowed);
  // Parts between commas, without spaces around them.
  std::vector<std::string> List(std::string_view name, std::string_view fallback);

  // Notes a mistake that only the caller can see (two settings that do not fit, say).
  void Mistake(std::string_view name, std::string_view what);
  // OK, or one error that lists every mistake, a line each.
  [[nodiscard]] absl::Status Check() const;

 private:
  const std::string* Find(std::string_view name) const;

  std::map<std::string, std::string> environment_;
  std::vector<std::string> mistakes_;
};

// One documented setting of the suite.
struct SettingName {
  std::string_view name;
  std::string_view help;
};
// names.def, in its order; docs/settings.md is generated from it.
const std::vector<SettingName>& AllSettingNames();

}  // namespace papertape

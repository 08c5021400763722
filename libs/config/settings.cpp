#include "libs/config/settings.h"

#include <unistd.h>

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "fmt/format.h"
#include "fmt/ranges.h"

namespace papertape {

const std::vector<SettingName>& AllSettingNames() {
  static const auto* const names = new std::vector<SettingName>{
#define SETTING(name, help) {#name, help},
#include "libs/config/names.def"
#undef SETTING
  };
  return *names;
}

Settings::Settings(std::map<std::string, std::string> environment) : environment_(std::move(environment)) {
  const auto& known = AllSettingNames();
  for (const auto& [name, value] : environment_) {
    if (!name.starts_with("PAPERTAPE_")) continue;
    if (std::none_of(known.begin(), known.end(),
                     [&name = name](const SettingName& entry) { return entry.name == name; })) {
      Mistake(name, "is not a setting of Papertape; docs/settings.md lists them");
    }
  }
}

Settings Settings::FromEnvironment() {
  std::map<std::string, std::string> environment;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::pair<std::string, std::string> pair = absl::StrSplit(*entry, absl::MaxSplits('=', 1));
    environment.insert(pair);
  }
  return Settings(std::move(environment));
}

const std::string* Settings::Find(std::string_view name) const {
  const auto found = environment_.find(std::string(name));
  return found == environment_.end() || found->second.empty() ? nullptr : &found->second;
}

std::string Settings::Text(std::string_view name, std::string_view fallback) {
  const std::string* value = Find(name);
  return value != nullptr ? *value : std::string(fallback);
}

std::string Settings::Required(std::string_view name) {
  const std::string* value = Find(name);
  if (value != nullptr) return *value;
  Mistake(name, "must be set");
  return {};
}

std::string Settings::Secret(std::string_view name, std::size_t min_bytes) {
  std::string value = Required(name);
  if (!value.empty() && value.size() < min_bytes) {
    Mistake(name, fmt::format("must be at least {} bytes long", min_bytes));
  }
  return value;
}

std::int64_t Settings::Integer(std::string_view name, std::int64_t fallback, std::int64_t min, std::int64_t max) {
  const std::string* value = Find(name);
  if (value == nullptr) return fallback;
  std::int64_t number = 0;
  if (absl::SimpleAtoi(*value, &number) && number >= min && number <= max) return number;
  Mistake(name, fmt::format("must be a whole number from {} to {}, not `{}`", min, max, *value));
  return fallback;
}

std::chrono::milliseconds Settings::Millis(std::string_view name, std::int64_t fallback_ms, std::int64_t min_ms,
                                           std::int64_t max_ms) {
  return std::chrono::milliseconds(Integer(name, fallback_ms, min_ms, max_ms));
}

bool Settings::Flag(std::string_view name, bool fallback) {
  const std::string* value = Find(name);
  if (value == nullptr) return fallback;
  const std::string lower = absl::AsciiStrToLower(*value);
  if (lower == "true" || lower == "1" || lower == "yes" || lower == "on") return true;
  if (lower == "false" || lower == "0" || lower == "no" || lower == "off") return false;
  Mistake(name, fmt::format("must be true or false, not `{}`", *value));
  return fallback;
}

std::string Settings::OneOf(std::string_view name, std::string_view fallback, const std::vector<std::string>& allowed) {
  std::string value = Text(name, fallback);
  if (std::find(allowed.begin(), allowed.end(), value) != allowed.end()) return value;
  Mistake(name, fmt::format("must be one of {}, not `{}`", fmt::join(allowed, ", "), value));
  return std::string(fallback);
}

std::vector<std::string> Settings::List(std::string_view name, std::string_view fallback) {
  std::vector<std::string> parts = absl::StrSplit(Text(name, fallback), ',', absl::SkipWhitespace());
  for (std::string& part : parts) part = std::string(absl::StripAsciiWhitespace(part));
  return parts;
}

void Settings::Mistake(std::string_view name, std::string_view what) {
  std::string mistake = fmt::format("{} {}", name, what);
  // Two parts of a process may read the same setting.
  if (std::find(mistakes_.begin(), mistakes_.end(), mistake) == mistakes_.end()) {
    mistakes_.push_back(std::move(mistake));
  }
}

absl::Status Settings::Check() const {
  if (mistakes_.empty()) return absl::OkStatus();
  return absl::InvalidArgumentError(fmt::format("{}", fmt::join(mistakes_, "\n")));
}

}  // namespace papertape

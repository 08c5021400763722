#include "libs/scheduler/cron.h"

#include <array>
#include <charconv>
#include <span>
#include <string>
#include <vector>

#include "fmt/format.h"
#include "libs/status/status.h"

namespace papertape::scheduler {
namespace {

using std::chrono::days;
using std::chrono::sys_days;

constexpr int kSearchedDays = 8 * 366;  // a leap day is at most eight years away

constexpr std::array<std::string_view, 12> kMonths{"jan", "feb", "mar", "apr", "may", "jun",
                                                   "jul", "aug", "sep", "oct", "nov", "dec"};
constexpr std::array<std::string_view, 7> kWeekdays{"sun", "mon", "tue", "wed", "thu", "fri", "sat"};

struct Field {
  std::string_view name;
  int least;
  int most;
  std::span<const std::string_view> names;  // of `least`, `least` + 1, ...
};

std::vector<std::string_view> Split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

std::optional<int> ReadNumber(std::string_view text, const Field& field) {
  std::string lower(text);
  for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  for (std::size_t i = 0; i < field.names.size(); ++i) {
    if (lower == field.names[i]) return field.least + static_cast<int>(i);
  }
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool read = error == std::errc() && end == text.data() + text.size();
  return read && value >= field.least && value <= field.most ? std::optional(value) : std::nullopt;
}

// The numbers that one part between commas names; empty when it is wrong.
std::vector<int> ReadPart(std::string_view part, const Field& field) {
  int step = 1;
  const std::size_t slash = part.find('/');
  if (slash != std::string_view::npos) {
    const auto read = ReadNumber(part.substr(slash + 1), {field.name, 1, field.most, {}});
    if (!read) return {};
    step = *read;
    part = part.substr(0, slash);
  }
  std::optional<int> from = field.least;
  std::optional<int> to = field.most;
  if (part != "*") {
    const std::size_t dash = part.find('-');
    from = ReadNumber(part.substr(0, dash), field);
    to = dash == std::string_view::npos ? (slash == std::string_view::npos ? from : to)
                                        : ReadNumber(part.substr(dash + 1), field);
  }
  if (!from || !to || *from > *to) return {};
  std::vector<int> named;
  for (int value = *from; value <= *to; value += step) named.push_back(value);
  return named;
}

template <std::size_t Bits>
absl::Status Read(std::string_view text, const Field& field, std::bitset<Bits>& out) {
  for (const std::string_view part : Split(text, ',')) {
    const std::vector<int> named = ReadPart(part, field);
    if (named.empty()) {
      return Error(Reason::kINVALID_ARGUMENT,
                   fmt::format("`{}` is not a {}: use *, {} to {}, a-b, */n, or several with commas", part, field.name,
                               field.least, field.most));
    }
    for (const int value : named) out.set(static_cast<std::size_t>(value));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Cron> Cron::Parse(std::string_view line) {
  std::vector<std::string_view> fields;
  for (const std::string_view field : Split(line, ' ')) {
    if (!field.empty()) fields.push_back(field);
  }
  if (fields.size() != 5) {
    return Error(Reason::kINVALID_ARGUMENT,
                 "a cron line has five fields: minute, hour, day of month, month, day of week");
  }
  Cron cron;
  std::bitset<8> weekdays;  // Sunday twice
  PT_RETURN_IF_ERROR(Read(fields[0], {"minute", 0, 59, {}}, cron.minutes_));
  PT_RETURN_IF_ERROR(Read(fields[1], {"hour", 0, 23, {}}, cron.hours_));
  PT_RETURN_IF_ERROR(Read(fields[2], {"day of month", 1, 31, {}}, cron.days_));
  PT_RETURN_IF_ERROR(Read(fields[3], {"month", 1, 12, kMonths}, cron.months_));
  PT_RETURN_IF_ERROR(Read(fields[4], {"day of week", 0, 7, kWeekdays}, weekdays));
  for (std::size_t day = 0; day < cron.weekdays_.size(); ++day) cron.weekdays_[day] = weekdays[day];
  if (weekdays[7]) cron.weekdays_.set(0);
  cron.any_day_ = fields[2].front() == '*';
  cron.any_weekday_ = fields[4].front() == '*';
  if (!cron.Find(Timestamp())) return Error(Reason::kINVALID_ARGUMENT, "no day of any year is meant by this cron line");
  return cron;
}

bool Cron::NamesDay(sys_days day) const {
  const std::chrono::year_month_day date(day);
  if (!months_[static_cast<unsigned>(date.month())]) return false;
  const bool by_day = days_[static_cast<unsigned>(date.day())];
  const bool by_weekday = weekdays_[std::chrono::weekday(day).c_encoding()];
  return any_day_ || any_weekday_ ? by_day && by_weekday : by_day || by_weekday;
}

std::optional<Timestamp> Cron::Find(Timestamp from) const {
  sys_days day = std::chrono::floor<days>(from);
  for (int searched = 0; searched < kSearchedDays; ++searched, day += days(1)) {
    if (!NamesDay(day)) continue;
    for (std::size_t hour = 0; hour < hours_.size(); ++hour) {
      if (!hours_[hour]) continue;
      for (std::size_t minute = 0; minute < minutes_.size(); ++minute) {
        const Timestamp named = day + std::chrono::hours(hour) + std::chrono::minutes(minute);
        if (minutes_[minute] && named >= from) return named;
      }
    }
  }
  return std::nullopt;
}

Timestamp Cron::NextAfter(Timestamp time) const {
  const Timestamp next_minute = std::chrono::floor<std::chrono::minutes>(time) + std::chrono::minutes(1);
  return *Find(next_minute);  // Parse has seen that there is one
}

}  // namespace papertape::scheduler

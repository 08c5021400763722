#include "libs/http/retry_after.h"

#include <algorithm>
#include <charconv>
#include <iomanip>
#include <locale>
#include <sstream>

namespace papertape::http {
namespace {

constexpr std::chrono::milliseconds kLongest = std::chrono::hours(24);

// "Sun, 06 Nov 1994 08:49:37 GMT"; the two older forms are not sent by anybody who is asked here.
std::optional<Timestamp> ParseHttpDate(std::string_view text) {
  std::istringstream stream{std::string(text)};
  stream.imbue(std::locale::classic());
  std::tm parts{};
  stream >> std::get_time(&parts, "%a, %d %b %Y %H:%M:%S GMT");
  if (stream.fail()) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{parts.tm_year + 1900},
                                         std::chrono::month{static_cast<unsigned>(parts.tm_mon + 1)},
                                         std::chrono::day{static_cast<unsigned>(parts.tm_mday)}};
  if (!date.ok()) return std::nullopt;
  return Timestamp(std::chrono::sys_days(date)) + std::chrono::hours(parts.tm_hour) +
         std::chrono::minutes(parts.tm_min) + std::chrono::seconds(parts.tm_sec);
}

}  // namespace

std::optional<std::chrono::milliseconds> ParseRetryAfter(std::string_view text, Timestamp now) {
  std::int64_t seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (!text.empty() && end == text.data() + text.size()) {
    if (error == std::errc::result_out_of_range) return kLongest;
    const auto most = std::chrono::duration_cast<std::chrono::seconds>(kLongest).count();
    if (error == std::errc()) return std::chrono::seconds(std::clamp<std::int64_t>(seconds, 0, most));
  }
  const std::optional<Timestamp> date = ParseHttpDate(text);
  if (!date) return std::nullopt;
  return std::clamp(std::chrono::ceil<std::chrono::milliseconds>(*date - now), std::chrono::milliseconds(0), kLongest);
}

}  // namespace papertape::http

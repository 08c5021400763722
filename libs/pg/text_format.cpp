#include "libs/pg/text_format.h"

#include <charconv>
#include <optional>

#include "fmt/format.h"
#include "libs/ids/hex.h"

namespace papertape::pg {
namespace {

// Takes a run of digits off the front.
std::optional<int> TakeNumber(std::string_view& text) {
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || number < 0) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return number;
}

bool TakeChar(std::string_view& text, char expected) {
  if (text.empty() || text.front() != expected) return false;
  text.remove_prefix(1);
  return true;
}

// ".25" as 250,000; PostgreSQL prints six digits at most.
std::int64_t TakeFraction(std::string_view& text) {
  if (!TakeChar(text, '.')) return 0;
  std::int64_t micros = 0;
  int digits = 0;
  for (; !text.empty() && text.front() >= '0' && text.front() <= '9'; text.remove_prefix(1), ++digits) {
    if (digits < 6) micros = micros * 10 + (text.front() - '0');
  }
  for (; digits < 6; ++digits) micros *= 10;
  return micros;
}

// "+05:30", "-08", "+00" and even "+05:53:28" as seconds east of Greenwich.
std::int64_t TakeOffset(std::string_view& text) {
  if (text.empty() || (text.front() != '+' && text.front() != '-')) return 0;
  const std::int64_t sign = text.front() == '-' ? -1 : 1;
  text.remove_prefix(1);
  std::int64_t seconds = 0;
  for (const std::int64_t unit : {3600, 60, 1}) {
    if (unit != 3600 && !TakeChar(text, ':')) break;
    seconds += TakeNumber(text).value_or(0) * unit;
  }
  return sign * seconds;
}

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

}  // namespace

void AppendTimestamp(Timestamp time, std::string& out) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  fmt::format_to(std::back_inserter(out), "{:04}-{:02}-{:02} {:02}:{:02}:{:02}.{:06}+00", static_cast<int>(date.year()),
                 static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), clock.hours().count(),
                 clock.minutes().count(), clock.seconds().count(), clock.subseconds().count());
}

Timestamp ParseTimestamp(std::string_view text) {
  std::int64_t part[6] = {};
  constexpr char kAfter[] = {'-', '-', ' ', ':', ':', '\0'};
  for (int i = 0; i < 6; ++i) {
    const std::optional<int> number = TakeNumber(text);
    if (!number) return {};
    part[i] = *number;
    if (kAfter[i] != '\0' && !TakeChar(text, kAfter[i])) return {};
  }
  const std::int64_t fraction = TakeFraction(text);
  const std::int64_t offset = TakeOffset(text);
  if (!text.empty()) return {};
  const std::chrono::year_month_day date(std::chrono::year(static_cast<int>(part[0])),
                                         std::chrono::month(static_cast<unsigned>(part[1])),
                                         std::chrono::day(static_cast<unsigned>(part[2])));
  if (!date.ok()) return {};
  return std::chrono::sys_days(date) + std::chrono::hours(part[3]) + std::chrono::minutes(part[4]) +
         std::chrono::seconds(part[5] - offset) + std::chrono::microseconds(fraction);
}

void AppendBytea(std::string_view bytes, std::string& out) {
  out += "\\x";
  AppendHex(bytes, out);
}

std::string ParseBytea(std::string_view text) {
  if (!text.starts_with("\\x") || text.size() % 2 != 0) return {};
  std::string out;
  out.reserve(text.size() / 2 - 1);
  for (std::size_t i = 2; i < text.size(); i += 2) {
    const int high = HexDigit(text[i]);
    const int low = HexDigit(text[i + 1]);
    if (high < 0 || low < 0) return {};
    out += static_cast<char>(high * 16 + low);
  }
  return out;
}

}  // namespace papertape::pg

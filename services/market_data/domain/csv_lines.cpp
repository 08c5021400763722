#include "services/market_data/domain/csv_lines.h"

#include <algorithm>

#include "fmt/format.h"
#include "libs/status/status.h"

namespace papertape::market {
namespace {

std::string_view Trim(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r";
  const std::size_t begin = text.find_first_not_of(kSpace);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kSpace) - begin + 1);
}

}  // namespace

absl::Status CsvLine::Wrong(std::string_view what) const {
  return InvalidField("csv", fmt::format("line {}: {}", number, what));
}

CsvLines::CsvLines(std::string_view text, std::size_t max_line_bytes) : rest_(text), max_line_bytes_(max_line_bytes) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (rest_.starts_with(kByteOrderMark)) rest_.remove_prefix(kByteOrderMark.size());
}

absl::StatusOr<std::optional<CsvLine>> CsvLines::Next() {
  while (!rest_.empty()) {
    const std::size_t end = std::min(rest_.find('\n'), rest_.size());
    std::string_view line = rest_.substr(0, end);
    rest_.remove_prefix(std::min(end + 1, rest_.size()));
    CsvLine result{.number = ++number_};
    if (line.size() > max_line_bytes_) return result.Wrong(fmt::format("longer than {} bytes", max_line_bytes_));
    if (Trim(line).empty()) continue;
    while (true) {
      const std::size_t comma = line.find(',');
      result.fields.push_back(Trim(line.substr(0, comma)));
      if (comma == std::string_view::npos) return result;
      line.remove_prefix(comma + 1);
    }
  }
  return std::nullopt;
}

std::string LowerCase(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return lower;
}

}  // namespace papertape::market

#include "services/market_data/domain/import_csv.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "fmt/format.h"
#include "libs/status/status.h"
#include "services/market_data/domain/csv_lines.h"
#include "services/market_data/domain/symbol.h"

namespace papertape::market {
namespace {

using std::chrono::minutes;

constexpr std::size_t kExcerptBytes = 60;
constexpr minutes kFurthestOffset = std::chrono::hours(15);

enum Column { kSymbol, kTime, kOpen, kHigh, kLow, kClose, kVolume, kColumns };

constexpr std::array<std::pair<std::string_view, Column>, 11> kColumnNames{{{"symbol", kSymbol},
                                                                            {"ticker", kSymbol},
                                                                            {"date", kTime},
                                                                            {"time", kTime},
                                                                            {"timestamp", kTime},
                                                                            {"datetime", kTime},
                                                                            {"open", kOpen},
                                                                            {"high", kHigh},
                                                                            {"low", kLow},
                                                                            {"close", kClose},
                                                                            {"volume", kVolume}}};

using Layout = std::array<std::optional<std::size_t>, kColumns>;

std::string_view Unquoted(std::string_view text) {
  const bool quoted = text.size() >= 2 && text.front() == '"' && text.back() == '"';
  return quoted ? text.substr(1, text.size() - 2) : text;
}

absl::StatusOr<Layout> ReadHeader(const CsvLine& line, const ImportFormat& format) {
  Layout layout;
  for (std::size_t i = 0; i < line.fields.size(); ++i) {
    const std::string name = LowerCase(Unquoted(line.fields[i]));
    for (const auto& [known, column] : kColumnNames) {
      if (known != name) continue;
      if (layout[column]) return line.Wrong(fmt::format("two columns say the same thing, the second is `{}`", name));
      layout[column] = i;
    }
  }
  for (const auto& [name, column] : kColumnNames) {
    const bool optional = column == kVolume || (column == kSymbol && !format.symbol.empty());
    if (!optional && !layout[column]) return line.Wrong(fmt::format("the header has no column `{}`", name));
  }
  return layout;
}

// "2024-05-06 09:15", "2024-05-06T09:15:00": a time on the wall, as if the wall were in Greenwich.
std::optional<Timestamp> ReadWallTime(std::string_view text) {
  constexpr std::size_t kDayBytes = 10;
  constexpr std::size_t kMinuteBytes = 16;
  constexpr std::size_t kSecondBytes = 19;
  if (text.size() != kMinuteBytes && text.size() != kSecondBytes) return std::nullopt;
  if (text[kDayBytes] != ' ' && text[kDayBytes] != 'T') return std::nullopt;
  std::string whole(text);
  whole[kDayBytes] = 'T';
  if (text.size() == kMinuteBytes) whole += ":00";
  const absl::StatusOr<Timestamp> time = ParseRfc3339(whole + 'Z');
  return time.ok() ? std::optional(*time) : std::nullopt;
}

// Reads the fields of one line.
class RowReader {
 public:
  RowReader(const Layout& layout, const CsvLine& line, const ImportFormat& format)
      : layout_(layout), line_(line), format_(format) {}

  // Empty: all is well with `row`.
  std::string Read(ImportRow& row) const {
    row.line = line_.number;
    row.symbol = format_.symbol.empty() ? NormalizeSymbol(Field(kSymbol)) : format_.symbol;
    if (row.symbol.empty()) return fmt::format("`{}` is not a symbol", Excerpt(Field(kSymbol)));
    const std::optional<Timestamp> time = ReadTime(Field(kTime));
    if (!time)
      return fmt::format("`{}` is not a {}", Excerpt(Field(kTime)), IsDated(format_.interval) ? "day" : "time");
    row.bar.time = *time;
    for (const auto& [column, price] : {std::pair(kOpen, &row.bar.open), std::pair(kHigh, &row.bar.high),
                                        std::pair(kLow, &row.bar.low), std::pair(kClose, &row.bar.close)}) {
      const absl::StatusOr<std::int64_t> micros = ParseDecimal(Field(column));
      if (!micros.ok()) return fmt::format("`{}` is not a price", Excerpt(Field(column)));
      *price = Price::FromMicros(*micros);
    }
    row.bar.adjusted_close = row.bar.close;
    if (layout_[kVolume] && !Field(kVolume).empty()) {
      const absl::StatusOr<std::int64_t> micros = ParseDecimal(Field(kVolume));
      if (!micros.ok()) return fmt::format("`{}` is not a volume", Excerpt(Field(kVolume)));
      row.bar.volume = *micros / kMicrosPerUnit;
    }
    return {};
  }

 private:
  [[nodiscard]] std::string_view Field(Column column) const { return Unquoted(line_.fields[*layout_[column]]); }

  [[nodiscard]] std::optional<Timestamp> ReadTime(std::string_view text) const {
    const absl::StatusOr<Timestamp> day = ParseDate(text);
    if (day.ok()) return *day;
    const std::optional<Timestamp> wall = ReadWallTime(text);
    // The day that a clock on the wall shows is the day of the bar, wherever the wall is.
    if (IsDated(format_.interval)) {
      if (wall) return std::chrono::floor<std::chrono::days>(*wall);
      return std::nullopt;
    }
    if (wall) return format_.clock.ToUtc(*wall);
    const absl::StatusOr<Timestamp> moment = ParseRfc3339(text);
    return moment.ok() ? std::optional(*moment) : std::nullopt;
  }

  const Layout& layout_;
  const CsvLine& line_;
  const ImportFormat& format_;
};

}  // namespace

std::optional<WallClock> WallClock::Named(std::string_view name) {
  WallClock clock;
  if (name.empty() || name == "UTC" || name == "Z") return clock;
  for (const calendar::Zone zone : {calendar::Zone::kNewYork, calendar::Zone::kKolkata}) {
    if (name != calendar::ZoneName(zone)) continue;
    clock.zone_ = zone;
    return clock;
  }
  // "+05:30"
  if (name.size() != 6 || (name[0] != '+' && name[0] != '-') || name[3] != ':') return std::nullopt;
  int hours = 0;
  int rest = 0;
  const auto read = [&](std::size_t at, int& value) {
    const char* const end = name.data() + at + 2;
    return name[at] != '-' && std::from_chars(name.data() + at, end, value).ptr == end;
  };
  if (!read(1, hours) || !read(4, rest) || rest > 59) return std::nullopt;
  const minutes offset = std::chrono::hours(hours) + minutes(rest);
  if (offset > kFurthestOffset) return std::nullopt;
  clock.offset_ = name[0] == '-' ? -offset : offset;
  return clock;
}

Timestamp WallClock::ToUtc(Timestamp on_the_wall) const {
  if (!zone_) return on_the_wall - offset_;
  const auto day = std::chrono::floor<std::chrono::days>(on_the_wall);
  const auto since_midnight = std::chrono::floor<minutes>(on_the_wall - day);
  const Timestamp minute = calendar::ToInstant(*zone_, calendar::Date(day.time_since_epoch()), since_midnight);
  return minute + (on_the_wall - day - since_midnight);
}

absl::StatusOr<ImportRows> ReadImportCsv(std::string_view text, const ImportFormat& format) {
  CsvLines lines(text, kMaxImportLineBytes);
  PT_ASSIGN_OR_RETURN(const std::optional<CsvLine> header, lines.Next());
  if (!header) return InvalidField("csv", "is empty");
  PT_ASSIGN_OR_RETURN(const Layout layout, ReadHeader(*header, format));
  ImportRows read;
  while (true) {
    const absl::StatusOr<std::optional<CsvLine>> line = lines.Next();
    if (line.ok() && !*line) return read;
    if (read.rows.size() + read.refused.size() == kMaxImportRows) {
      return InvalidField("csv", fmt::format("has more than {} lines", kMaxImportRows));
    }
    if (!line.ok()) {
      read.refused.push_back({.line = lines.number(),
                              .reason = "malformed",
                              .message = fmt::format("longer than {} bytes", kMaxImportLineBytes)});
      continue;
    }
    ImportRow row;
    const CsvLine& fields = **line;
    const std::string wrong =
        fields.fields.size() == header->fields.size()
            ? RowReader(layout, fields, format).Read(row)
            : fmt::format("{} fields where the header has {}", fields.fields.size(), header->fields.size());
    if (wrong.empty()) {
      read.rows.push_back(std::move(row));
      continue;
    }
    const bool named = layout[kSymbol] && *layout[kSymbol] < fields.fields.size();
    read.refused.push_back({.line = fields.number,
                            .symbol = named ? Excerpt(Unquoted(fields.fields[*layout[kSymbol]])) : format.symbol,
                            .reason = "malformed",
                            .message = wrong});
  }
}

std::string Excerpt(std::string_view text) {
  std::string excerpt(text.substr(0, kExcerptBytes));
  std::replace_if(
      excerpt.begin(), excerpt.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
  return excerpt;
}

}  // namespace papertape::market

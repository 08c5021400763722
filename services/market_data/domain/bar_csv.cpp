#include "services/market_data/domain/bar_csv.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "fmt/format.h"
#include "libs/status/status.h"
#include "services/market_data/domain/csv_lines.h"

namespace papertape::market {
namespace {

enum Column { kTime, kOpen, kHigh, kLow, kClose, kVolume, kAdjustedClose, kColumns };

constexpr std::array<std::pair<std::string_view, Column>, 13> kColumnNames{{{"date", kTime},
                                                                            {"timestamp", kTime},
                                                                            {"timestamp_ist", kTime},
                                                                            {"time", kTime},
                                                                            {"datetime", kTime},
                                                                            {"open", kOpen},
                                                                            {"high", kHigh},
                                                                            {"low", kLow},
                                                                            {"close", kClose},
                                                                            {"volume", kVolume},
                                                                            {"adjusted_close", kAdjustedClose},
                                                                            {"adjclose", kAdjustedClose},
                                                                            {"adj_close", kAdjustedClose}}};

// Where each column stands in a line; absent columns have none.
using Layout = std::array<std::optional<std::size_t>, kColumns>;

absl::StatusOr<Layout> ReadHeader(const CsvLine& line) {
  Layout layout;
  for (std::size_t i = 0; i < line.fields.size(); ++i) {
    const std::string name = LowerCase(line.fields[i]);
    for (const auto& [known, column] : kColumnNames) {
      if (known != name) continue;
      if (layout[column]) return line.Wrong(fmt::format("two columns say the same thing, the second is `{}`", name));
      layout[column] = i;
    }
  }
  for (const auto& [name, column] : kColumnNames) {
    const bool optional = column == kVolume || column == kAdjustedClose;
    if (!optional && !layout[column]) return line.Wrong(fmt::format("the header has no column `{}`", name));
  }
  return layout;
}

absl::StatusOr<Timestamp> ReadTime(std::string_view text) {
  absl::StatusOr<Timestamp> day = ParseDate(text);
  return day.ok() ? day : ParseRfc3339(text);
}

// Reads the fields of one line.
class BarReader {
 public:
  BarReader(const Layout& layout, const CsvLine& line) : layout_(layout), line_(line) {}

  absl::StatusOr<Bar> Read() const {
    Bar bar;
    const absl::StatusOr<Timestamp> time = ReadTime(Field(kTime));
    if (!time.ok()) return line_.Wrong(fmt::format("`{}` is neither a day nor an RFC 3339 time", Field(kTime)));
    bar.time = *time;
    PT_ASSIGN_OR_RETURN(bar.open, ReadPrice(kOpen));
    PT_ASSIGN_OR_RETURN(bar.high, ReadPrice(kHigh));
    PT_ASSIGN_OR_RETURN(bar.low, ReadPrice(kLow));
    PT_ASSIGN_OR_RETURN(bar.close, ReadPrice(kClose));
    bar.adjusted_close = bar.close;
    if (layout_[kAdjustedClose]) {
      PT_ASSIGN_OR_RETURN(bar.adjusted_close, ReadPrice(kAdjustedClose));
    }
    if (layout_[kVolume]) {
      const absl::StatusOr<std::int64_t> micros = ParseDecimal(Field(kVolume));
      if (!micros.ok() || *micros < 0) return line_.Wrong(fmt::format("`{}` is not a volume", Field(kVolume)));
      bar.volume = *micros / kMicrosPerUnit;
    }
    if (bar.high < std::max(bar.open, bar.close) || bar.low > std::min(bar.open, bar.close)) {
      return line_.Wrong("open and close are not between low and high");
    }
    return bar;
  }

 private:
  [[nodiscard]] std::string_view Field(Column column) const { return line_.fields[*layout_[column]]; }

  [[nodiscard]] absl::StatusOr<Price> ReadPrice(Column column) const {
    const absl::StatusOr<std::int64_t> micros = ParseDecimal(Field(column));
    if (!micros.ok() || *micros <= 0) return line_.Wrong(fmt::format("`{}` is not a price", Field(column)));
    return Price::FromMicros(*micros);
  }

  const Layout& layout_;
  const CsvLine& line_;
};

}  // namespace

absl::StatusOr<std::vector<Bar>> ParseBarCsv(std::string_view text) {
  CsvLines lines(text, kMaxCsvLineBytes);
  PT_ASSIGN_OR_RETURN(const std::optional<CsvLine> header, lines.Next());
  if (!header) return InvalidField("csv", "is empty");
  PT_ASSIGN_OR_RETURN(const Layout layout, ReadHeader(*header));

  std::vector<Bar> bars;
  while (true) {
    PT_ASSIGN_OR_RETURN(const std::optional<CsvLine> line, lines.Next());
    if (!line) return bars;
    if (line->fields.size() != header->fields.size()) {
      return line->Wrong(fmt::format("{} fields where the header has {}", line->fields.size(), header->fields.size()));
    }
    PT_ASSIGN_OR_RETURN(const Bar bar, BarReader(layout, *line).Read());
    if (!bars.empty() && bar.time <= bars.back().time)
      return line->Wrong("its time is not after that of the line before");
    if (bars.size() == kMaxCsvBars) return line->Wrong(fmt::format("more than {} bars", kMaxCsvBars));
    bars.push_back(bar);
  }
}

}  // namespace papertape::market

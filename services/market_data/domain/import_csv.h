// The CSV of an import, as people have it: a header, then a bar a line, wrong lines among them. Every line that does
// not read is told by its number and why; the others are read. Pure.
//
// Columns by name, in any order and case: `symbol` (or `ticker`) unless one is given for all, `date` (or `time`,
// `timestamp`, `datetime`), `open`, `high`, `low`, `close`, `volume` (0 where absent). Others are passed over. Fields
// are plain or in double quotes, without commas inside. Prices have at most six places.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "libs/calendar/time_zone.h"
#include "services/market_data/domain/bar.h"

namespace papertape::market {

inline constexpr std::size_t kMaxImportRows = 500'000;
inline constexpr std::size_t kMaxImportLineBytes = 1'024;

// What the clock on the wall was ahead of UTC where a time names no offset of its own.
class WallClock {
 public:
  // `UTC`, `America/New_York`, `Asia/Kolkata`, or an offset such as `+05:30`; nothing for any other.
  static std::optional<WallClock> Named(std::string_view name);
  [[nodiscard]] Timestamp ToUtc(Timestamp on_the_wall) const;

 private:
  std::optional<calendar::Zone> zone_;
  std::chrono::minutes offset_{0};
};

struct ImportFormat {
  std::string symbol;  // of every line; empty: the column says it
  Interval interval = Interval::kDay;
  WallClock clock;  // for times without an offset; a bar of a day is named by the day that the line writes
};

struct ImportRow {
  std::size_t line = 0;  // from 1, the header's
  std::string symbol;    // normal form
  Bar bar;
};

struct RefusedRow {
  std::size_t line = 0;
  std::string symbol;   // as the line has it, printable; empty where it has none
  std::string reason;   // a Suspicion's name, "unknown_symbol" or "malformed"
  std::string message;  // for a reader
  friend bool operator==(const RefusedRow&, const RefusedRow&) = default;
};

struct ImportRows {
  std::vector<ImportRow> rows;  // in the order of the file
  std::vector<RefusedRow> refused;
};

// INVALID_ARGUMENT, field `csv`, for a file whose header does not say what the columns are, or with too many lines.
absl::StatusOr<ImportRows> ReadImportCsv(std::string_view text, const ImportFormat& format);

// Text of a stranger, fit for an answer: printable ASCII, at most 60 characters.
std::string Excerpt(std::string_view text);

}  // namespace papertape::market

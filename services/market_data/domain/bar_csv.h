// Recorded bars in a CSV file: a header, then a bar a line. Pure.
//
// Columns by name, in any order and case: `date`, `timestamp`, `timestamp_ist`, `time` or `datetime` (a day or RFC
// 3339), `open`, `high`, `low`, `close`, `volume` (0 where absent), `adjusted_close`, `adjclose` or `adj_close` (the
// close where absent). Others are passed over. Fields are plain: no quotes, no commas inside. Prices have at most six
// places. Lines ascend strictly in time.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "services/market_data/domain/bar.h"

namespace papertape::market {

inline constexpr std::size_t kMaxCsvLineBytes = 1024;
inline constexpr std::size_t kMaxCsvBars = 5'000'000;

// Every bar, or INVALID_ARGUMENT that names the first wrong line and what is wrong with it.
absl::StatusOr<std::vector<Bar>> ParseBarCsv(std::string_view text);

}  // namespace papertape::market

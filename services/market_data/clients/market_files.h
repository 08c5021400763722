// The embedded market's files: what the npm package vega-datasets keeps in its folder `data`.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "services/market_data/domain/bar.h"
#include "services/market_data/domain/monthly_anchors.h"

namespace papertape::market {

// The whole file, at most 256 MiB. NOT_FOUND when it cannot be opened.
absl::StatusOr<std::string> ReadTextFile(const std::string& path);

struct EmbeddedMarket {
  std::vector<Bar> sp500;                 // daily bars of the S&P 500
  std::map<std::string, Anchor> anchors;  // by symbol
};
inline constexpr char kEmbeddedSource[] = "vega-datasets";
inline constexpr char kSp500Symbol[] = "^GSPC";

// Reads `sp500-2000.csv` and `stocks.csv` of `directory`. An error names the file.
absl::StatusOr<EmbeddedMarket> ReadEmbeddedMarket(const std::string& directory);

// Bars of one symbol from any file that ParseBarCsv reads; at least one.
absl::StatusOr<std::vector<Bar>> ReadBarFile(const std::string& path);
// "^NSEI" of "/recorded/^NSEI.csv".
std::string SymbolOfFile(const std::string& path);

}  // namespace papertape::market

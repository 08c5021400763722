#include "services/market_data/clients/market_files.h"

#include <filesystem>
#include <fstream>
#include <system_error>

#include "fmt/format.h"
#include "libs/status/status.h"
#include "services/market_data/domain/bar_csv.h"
#include "services/market_data/domain/symbol.h"

namespace papertape::market {
namespace {

constexpr std::uintmax_t kMaxFileBytes = 256ULL << 20U;

absl::Status About(const std::string& path, const absl::Status& status) {
  return Error(ReasonOf(status), fmt::format("{}: {}", path, MessageOf(status)));
}

}  // namespace

absl::StatusOr<std::string> ReadTextFile(const std::string& path) {
  std::error_code error;
  const std::uintmax_t size = std::filesystem::file_size(path, error);
  if (error) return Error(Reason::kNOT_FOUND, fmt::format("{}: {}", path, error.message()));
  if (size > kMaxFileBytes) return Error(Reason::kINVALID_ARGUMENT, fmt::format("{} is too large", path));
  std::ifstream file(path, std::ios::binary);
  std::string text(size, '\0');
  if (!file.read(text.data(), static_cast<std::streamsize>(size))) {
    return Error(Reason::kNOT_FOUND, fmt::format("{} cannot be read", path));
  }
  return text;
}

absl::StatusOr<std::vector<Bar>> ReadBarFile(const std::string& path) {
  PT_ASSIGN_OR_RETURN(const std::string text, ReadTextFile(path));
  absl::StatusOr<std::vector<Bar>> bars = ParseBarCsv(text);
  if (!bars.ok()) return About(path, bars.status());
  if (bars->empty()) return Error(Reason::kINVALID_ARGUMENT, fmt::format("{} has no bars", path));
  return bars;
}

absl::StatusOr<EmbeddedMarket> ReadEmbeddedMarket(const std::string& directory) {
  EmbeddedMarket market;
  const std::filesystem::path folder(directory);
  PT_ASSIGN_OR_RETURN(market.sp500, ReadBarFile(folder / "sp500-2000.csv"));
  const std::string stocks = folder / "stocks.csv";
  PT_ASSIGN_OR_RETURN(const std::string text, ReadTextFile(stocks));
  absl::StatusOr<std::map<std::string, Anchor>> anchors = ParseMonthlyAnchors(text);
  if (!anchors.ok()) return About(stocks, anchors.status());
  market.anchors = *std::move(anchors);
  return market;
}

std::string SymbolOfFile(const std::string& path) {
  return NormalizeSymbol(std::filesystem::path(path).stem().string());
}

}  // namespace papertape::market

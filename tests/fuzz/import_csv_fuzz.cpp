// Whatever comes as a file to import: every line is read or refused with words that fit into an answer, once, and the
// first byte chooses how the file is to be understood.
#include <cstdint>
#include <cstdlib>
#include <set>
#include <string_view>

#include "services/market_data/domain/import_csv.h"
#include "services/market_data/domain/symbol.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace papertape::market;
  if (size == 0) return 0;
  static constexpr const char* kZones[] = {"UTC", "America/New_York", "Asia/Kolkata", "-15:00"};
  ImportFormat format;
  format.clock = *WallClock::Named(kZones[data[0] % 4U]);
  format.interval = (data[0] & 4U) != 0 ? Interval::kMinute : Interval::kDay;
  if ((data[0] & 8U) != 0) format.symbol = "AAPL";
  const auto read = ReadImportCsv({reinterpret_cast<const char*>(data) + 1, size - 1}, format);
  if (!read.ok()) return 0;

  std::set<std::size_t> lines;
  for (const ImportRow& row : read->rows) {
    if (row.line < 2 || !lines.insert(row.line).second) std::abort();
    if (NormalizeSymbol(row.symbol) != row.symbol) std::abort();
    if (format.interval == Interval::kDay && row.bar.time != std::chrono::floor<std::chrono::days>(row.bar.time)) {
      std::abort();
    }
  }
  for (const RefusedRow& row : read->refused) {
    if (row.line < 2 || !lines.insert(row.line).second) std::abort();
    if (row.reason.empty() || row.message.empty()) std::abort();
    for (const char c : row.symbol + row.message) {
      if (c < ' ' || c > '~') std::abort();
    }
  }
  return 0;
}

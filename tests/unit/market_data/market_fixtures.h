// Builders and the recorded data that tests of market_data share.
#pragma once

#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "services/market_data/domain/bar.h"
#include "services/market_data/domain/day_path.h"
#include "services/market_data/domain/instrument.h"
#include "services/market_data/domain/quote.h"

namespace papertape::market::testing {

inline Price Dollars(double amount) { return Price::FromMicros(std::llround(amount * 1e6)); }
inline Timestamp At(std::string_view time) { return *ParseRfc3339(time); }
inline Timestamp Day(std::string_view date) { return *ParseDate(date); }

inline Simulation Apple() {
  return {.symbol = "AAPL", .base_price = Dollars(223.02), .tick_size = Dollars(0.01), .daily_volatility = 0.02};
}
inline Simulation Nifty() {
  return {.symbol = "^NSEI",
          .is_index = true,
          .base_price = Dollars(25'000),
          .tick_size = Dollars(0.05),
          .daily_volatility = 0.008};
}

inline Bar ABar(Timestamp time, double open, double high, double low, double close, std::int64_t volume = 0) {
  return {time, Dollars(open), Dollars(high), Dollars(low), Dollars(close), volume, Dollars(close)};
}

inline Quote AQuote(std::string symbol, double price, Timestamp time) {
  return {.symbol = std::move(symbol), .price = Dollars(price), .time = time, .source = "test"};
}

// A folder with these files, gone at the end.
class MarketFolder {
 public:
  MarketFolder(std::initializer_list<std::pair<std::string_view, std::string_view>> files) {
    std::string pattern = std::filesystem::temp_directory_path() / "papertape-market-XXXXXX";
    path_ = ::mkdtemp(pattern.data());
    for (const auto& [name, text] : files) std::ofstream(path_ + "/" + std::string(name)) << text;
  }
  ~MarketFolder() { std::filesystem::remove_all(path_); }
  MarketFolder(const MarketFolder&) = delete;
  MarketFolder& operator=(const MarketFolder&) = delete;
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

// A file of the recorded data beside the source tree ("daily/^GSPC.csv"); nothing where the machine has none.
inline std::optional<std::string> SharedData(const std::string& name) {
  for (const char* const up : {"/../shared/data/", "/../../shared/data/"}) {
    std::ifstream file(PAPERTAPE_SOURCE_DIR + std::string(up) + name, std::ios::binary);
    if (file) return std::string(std::istreambuf_iterator<char>(file), {});
  }
  return std::nullopt;
}

}  // namespace papertape::market::testing

// Leaves the test case, with a message, where the recorded data is absent.
#define PT_SHARED_DATA_OR_SKIP(variable, name)                           \
  const auto variable = ::papertape::market::testing::SharedData(name);  \
  if (!variable) {                                                       \
    WARN("skipped: shared/data/" name " is not beside the source tree"); \
    return;                                                              \
  }

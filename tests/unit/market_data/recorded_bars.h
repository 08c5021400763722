// Recorded bars in memory, for tests of sessions.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "libs/status/status.h"
#include "services/market_data/domain/session_ports.h"
#include "services/market_data/domain/tape_batch.h"
#include "tests/unit/market_data/market_fixtures.h"

namespace papertape::market::testing {

class RecordedBars : public ReplayBars {
 public:
  bool away = false;

  void AddDaily(const std::string& symbol, const std::string& exchange, const Bar& bar, double previous_close = 0) {
    RecordedDay& day = At(symbol, exchange, bar.time);
    day.daily = bar;
    day.previous_close = Dollars(previous_close);
  }
  void AddMinute(const std::string& symbol, const std::string& exchange, const Bar& bar) {
    At(symbol, exchange, bar.time).minutes.push_back(bar);
  }

  absl::StatusOr<std::vector<RecordedSymbol>> Symbols(Timestamp first_day, Timestamp last_day) override {
    if (away) return Error(Reason::kUNAVAILABLE);
    std::map<std::string, std::string> found;
    for (const auto& [day, symbols] : days_) {
      if (day < first_day || day > last_day) continue;
      for (const auto& [symbol, of] : symbols) found[symbol] = of.exchange;
    }
    std::vector<RecordedSymbol> symbols;
    for (const auto& [symbol, exchange] : found) symbols.push_back({symbol, exchange});
    return symbols;
  }
  absl::StatusOr<std::vector<RecordedDay>> On(Timestamp day) override {
    if (away) return Error(Reason::kUNAVAILABLE);
    std::vector<RecordedDay> recorded;
    for (const auto& [symbol, of] : days_[day]) recorded.push_back(of);
    return recorded;
  }
  absl::StatusOr<std::optional<RecordedRange>> Range() override {
    if (days_.empty()) return std::optional<RecordedRange>();
    return RecordedRange{days_.begin()->first, days_.rbegin()->first};
  }

 private:
  RecordedDay& At(const std::string& symbol, const std::string& exchange, Timestamp time) {
    RecordedDay& day = days_[std::chrono::floor<std::chrono::days>(time)][symbol];
    day.symbol = symbol;
    day.exchange = exchange;
    return day;
  }
  std::map<Timestamp, std::map<std::string, RecordedDay>> days_;
};

// A batch as a line: "1 13:30:00 AAPL 10 MSFT 20.5", or "1 20:00:00" for a beat.
inline std::string Line(const TapeBatch& batch) {
  std::string line = std::to_string(batch.moment.session);
  if (batch.moment.clock) line += " " + FormatRfc3339(*batch.moment.clock).substr(11, 8);
  for (const Quote& quote : batch.quotes) line += " " + quote.symbol + " " + Format(quote.price);
  return line;
}

}  // namespace papertape::market::testing

// Recorded bars as they are known at the market's time: in a session of the past a bar is there when it is over, and
// splits and dividends when their day has come. In the live market everything that is recorded is known. Thread-safe.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "services/market_data/domain/instrument.h"
#include "services/market_data/domain/ports.h"
#include "services/market_data/domain/quote_book.h"

namespace papertape::market {

// The latest bar of that length, on that exchange, that is over at `now`, by its time; nothing before the calendars.
std::optional<Timestamp> LastOver(Interval interval, std::string_view exchange, Timestamp now);

class KnownBars final : public BarReader {
 public:
  // The book says what time it is on the market.
  KnownBars(BarReader& bars, const QuoteBook& book) : bars_(bars), book_(book) {}
  // The exchanges of the symbols, before the first call.
  void Admit(const std::vector<Instrument>& instruments);

  absl::StatusOr<BarPage> List(const BarQuery& query) override;

 private:
  [[nodiscard]] std::string_view ExchangeOf(const std::string& symbol) const;

  BarReader& bars_;
  const QuoteBook& book_;
  std::map<std::string, std::string, std::less<>> exchanges_;
};

}  // namespace papertape::market

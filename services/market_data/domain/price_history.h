// Reads recorded bars and puts the live price beside them. Thread-safe.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "services/market_data/domain/bar.h"
#include "services/market_data/domain/ports.h"
#include "services/market_data/domain/quote_book.h"

namespace papertape::market {

// The newest that is known of a symbol.
struct LatestPrice {
  std::string symbol;
  std::optional<Quote> quote;  // absent when there was none yet
  std::optional<Bar> bar;      // the last daily bar; absent when none is recorded
  std::string bar_source;      // who recorded it; empty when there is none
};

class PriceHistory {
 public:
  PriceHistory(BarReader& bars, const QuoteBook& book) : bars_(bars), book_(book) {}
  // UNKNOWN_SYMBOL when there is no such instrument; an empty page when nothing is recorded.
  absl::StatusOr<BarPage> List(const BarQuery& query) const;
  absl::StatusOr<LatestPrice> Latest(std::string_view symbol) const;

 private:
  BarReader& bars_;
  const QuoteBook& book_;
};

}  // namespace papertape::market

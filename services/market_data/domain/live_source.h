// A provider's live prices, as the chain of sources sees it.
#pragma once

#include <string>
#include <string_view>

#include "services/market_data/domain/ports.h"

namespace papertape::market {

// Polled by one thread; Start and Stop are called by whoever owns it.
class LiveSource : public QuoteSource {
 public:
  // As told in each quote's `source`.
  [[nodiscard]] virtual std::string_view name() const = 0;
  // Whether it speaks for the symbol at `now`: it can be reached, and it has a price of it or is about to have one. A
  // price that has not moved for hours, because its exchange is closed, is one.
  [[nodiscard]] virtual bool SpeaksFor(const std::string& symbol, Timestamp now) const = 0;
  // Whether it will ever speak for the symbol, as far as can be known beforehand.
  [[nodiscard]] virtual bool Covers(const std::string& symbol) const = 0;
  virtual void Start() = 0;
  // Waits for what is under way, which is interrupted.
  virtual void Stop() = 0;
};

}  // namespace papertape::market

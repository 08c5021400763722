// Where a source's own thread leaves quotes until the feed polls. Bounded: when it is full, the newest quote of each
// symbol stays, and says that trades were left out before it. Thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <vector>

#include "services/market_data/domain/quote.h"

namespace papertape::market {

class QuoteInbox {
 public:
  explicit QuoteInbox(std::size_t room) : room_(room) {}
  void Put(std::vector<Quote> quotes);
  // All that is there, in the order in which it came.
  std::vector<Quote> Take();
  // Quotes that gave way to newer ones.
  [[nodiscard]] std::int64_t joined() const;

 private:
  void Join();

  const std::size_t room_;
  mutable std::mutex mutex_;
  std::vector<Quote> quotes_;
  std::int64_t joined_ = 0;
};

}  // namespace papertape::market

// Made-up prices take the splits that are announced: from the start of its ex-date on a simulated price is on the terms
// after the split, as a real one is, so that who holds the share through it wins and loses nothing by it.
#pragma once

#include <memory>
#include <shared_mutex>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "services/market_data/domain/corporate_action.h"
#include "services/market_data/domain/ports.h"

namespace papertape::market {

// A split that was known before its ex-date began.
struct AnnouncedSplit {
  std::string symbol;
  Timestamp begins_at;
  Split split;
};

// Those that are known. Thread-safe.
class AnnouncedSplits {
 public:
  void Know(const std::vector<AnnouncedSplit>& splits);
  // Puts the prices of `quote` on the terms of its time, to the cent and never below one.
  void Apply(Quote& quote) const;

 private:
  mutable std::shared_mutex mutex_;
  std::unordered_map<std::string, std::vector<AnnouncedSplit>> splits_;  // by symbol
};

// A source whose simulated quotes take the splits; what others say is left alone. `splits` outlives it.
class SplitQuotes : public QuoteSource {
 public:
  SplitQuotes(std::unique_ptr<QuoteSource> source, const AnnouncedSplits& splits)
      : source_(std::move(source)), splits_(splits) {}
  std::vector<Quote> Poll(Timestamp now) override;
  [[nodiscard]] Timestamp NextAt(Timestamp now) const override { return source_->NextAt(now); }

 private:
  const std::unique_ptr<QuoteSource> source_;
  const AnnouncedSplits& splits_;
};

}  // namespace papertape::market

#include "services/market_data/domain/split_quotes.h"

#include <algorithm>
#include <mutex>

namespace papertape::market {
namespace {

constexpr std::int64_t kCent = kMicrosPerUnit / 100;

// What does not fit stays: no simulated price is that large.
void Divide(Price& price, const Split& split) {
  if (price.is_zero()) return;  // not known
  const auto micros = MulDiv(price.micros(), split.denominator.micros(), split.numerator.micros(), Rounding::kHalfEven);
  if (!micros.ok()) return;
  price = Price::FromMicros(std::max((*micros + kCent / 2) / kCent * kCent, kCent));
}

}  // namespace

void AnnouncedSplits::Know(const std::vector<AnnouncedSplit>& splits) {
  std::unordered_map<std::string, std::vector<AnnouncedSplit>> by_symbol;
  for (const AnnouncedSplit& split : splits) by_symbol[split.symbol].push_back(split);
  const std::unique_lock lock(mutex_);
  splits_ = std::move(by_symbol);
}

void AnnouncedSplits::Apply(Quote& quote) const {
  const std::shared_lock lock(mutex_);
  const auto found = splits_.find(quote.symbol);
  if (found == splits_.end()) return;
  for (const AnnouncedSplit& known : found->second) {
    if (quote.time < known.begins_at) continue;
    for (Price* price : {&quote.price, &quote.previous_close, &quote.day_low, &quote.day_high}) {
      Divide(*price, known.split);
    }
    if (quote.bid) Divide(*quote.bid, known.split);
    if (quote.ask) Divide(*quote.ask, known.split);
  }
}

std::vector<Quote> SplitQuotes::Poll(Timestamp now) {
  std::vector<Quote> quotes = source_->Poll(now);
  for (Quote& quote : quotes) {
    if (quote.source == kSimulatorSource) splits_.Apply(quote);
  }
  return quotes;
}

}  // namespace papertape::market

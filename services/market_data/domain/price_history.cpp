#include "services/market_data/domain/price_history.h"

#include <utility>

#include "libs/status/status.h"
#include "services/market_data/domain/symbol.h"

namespace papertape::market {

absl::StatusOr<BarPage> PriceHistory::List(const BarQuery& query) const {
  if (!book_.Find(query.symbol)) return UnknownSymbol(query.symbol);
  return bars_.List(query);
}

absl::StatusOr<LatestPrice> PriceHistory::Latest(std::string_view symbol) const {
  const std::optional<Slot> slot = book_.Find(symbol);
  if (!slot) return UnknownSymbol(symbol);
  LatestPrice latest{.symbol = NormalizeSymbol(symbol), .quote = book_.Newest(*slot)};
  PT_ASSIGN_OR_RETURN(BarPage page, bars_.List({.symbol = latest.symbol, .interval = Interval::kDay, .limit = 1}));
  if (!page.bars.empty()) latest.bar = page.bars.back();
  latest.bar_source = std::move(page.source);
  return latest;
}

}  // namespace papertape::market

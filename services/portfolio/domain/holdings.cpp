#include "services/portfolio/domain/holdings.h"

#include <map>

#include "libs/status/status.h"

namespace papertape::portfolio {
namespace {

// The prices of one call.
class PriceList {
 public:
  explicit PriceList(Books& books) : books_(books) {}

  absl::StatusOr<std::optional<LivePrice>> For(const OpenTrade& trade) {
    const auto known = live_.find(trade.symbol);
    if (known != live_.end()) return known->second ? known->second : LastOf(trade);
    if (!market_away_) {
      absl::StatusOr<std::optional<LivePrice>> price = books_.PriceOf(trade.symbol);
      market_away_ = absl::IsUnavailable(price.status()) || absl::IsDeadlineExceeded(price.status());
      if (!price.ok() && !market_away_) return price;
      if (price.ok()) {
        live_[trade.symbol] = *price;
        return *price ? *price : LastOf(trade);
      }
    }
    return LastOf(trade);  // who was away for one symbol is not asked for the others
  }

 private:
  static std::optional<LivePrice> LastOf(const OpenTrade& trade) {
    if (!trade.last_price) return std::nullopt;
    return LivePrice{.price = *trade.last_price, .stale = true};
  }

  Books& books_;
  std::map<std::string, std::optional<LivePrice>> live_;
  bool market_away_ = false;
};

}  // namespace

absl::StatusOr<std::vector<Position>> CurrentPositions(Books& books) {
  PT_ASSIGN_OR_RETURN(const std::vector<OpenTrade> trades, books.OpenTrades());
  PriceList prices(books);
  std::vector<Position> positions;
  for (const OpenTrade& trade : trades) {
    PT_ASSIGN_OR_RETURN(const std::optional<LivePrice> live, prices.For(trade));
    PT_ASSIGN_OR_RETURN(Position position, Value(trade, live));
    positions.push_back(std::move(position));
  }
  return positions;
}

absl::StatusOr<Stats> CurrentStats(Books& books) {
  PT_ASSIGN_OR_RETURN(const std::optional<Account> account, books.PaperAccount());
  PT_ASSIGN_OR_RETURN(const std::vector<Position> positions, CurrentPositions(books));
  return SumUp(positions, account);
}

}  // namespace papertape::portfolio

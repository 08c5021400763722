#include "services/portfolio/domain/holdings.h"

#include <map>

#include "libs/status/status.h"

namespace papertape::portfolio {
namespace {

// The prices of one call.
class PriceList {
 public:
  explicit PriceList(Books& books) : books_(books) {}

  // What `symbol` costs; `last` is what the engine knows.
  absl::StatusOr<std::optional<LivePrice>> For(const std::string& symbol, std::optional<Price> last) {
    const auto known = live_.find(symbol);
    if (known != live_.end()) return known->second ? known->second : Stale(last);
    if (!market_away_) {
      absl::StatusOr<std::optional<LivePrice>> price = books_.PriceOf(symbol);
      market_away_ = absl::IsUnavailable(price.status()) || absl::IsDeadlineExceeded(price.status());
      if (!price.ok() && !market_away_) return price;
      if (price.ok()) {
        live_[symbol] = *price;
        return *price ? *price : Stale(last);
      }
    }
    return Stale(last);  // who was away for one symbol is not asked for the others
  }

 private:
  static std::optional<LivePrice> Stale(std::optional<Price> last) {
    if (!last) return std::nullopt;
    return LivePrice{.price = *last, .stale = true};
  }

  Books& books_;
  std::map<std::string, std::optional<LivePrice>> live_;
  bool market_away_ = false;
};

absl::StatusOr<std::vector<Position>> OpenPositions(Books& books, PriceList& prices) {
  PT_ASSIGN_OR_RETURN(const std::vector<OpenTrade> trades, books.OpenTrades());
  std::vector<Position> positions;
  for (const OpenTrade& trade : trades) {
    PT_ASSIGN_OR_RETURN(const std::optional<LivePrice> live, prices.For(trade.symbol, trade.last_price));
    PT_ASSIGN_OR_RETURN(Position position, Value(trade, live));
    positions.push_back(std::move(position));
  }
  return positions;
}

absl::StatusOr<Money> DayGain(Books& books, PriceList& prices, Timestamp midnight,
                              const std::vector<Position>& positions) {
  Money gained;
  for (const Position& position : positions) {
    PT_ASSIGN_OR_RETURN(const Money part, GainedSince(midnight, position));
    PT_ASSIGN_OR_RETURN(gained, Add(gained, part));
  }
  PT_ASSIGN_OR_RETURN(const std::vector<ClosedTrade> closed, books.ClosedTrades(midnight));
  for (const ClosedTrade& trade : closed) {
    PT_ASSIGN_OR_RETURN(const std::optional<LivePrice> live, prices.For(trade.symbol, std::nullopt));
    PT_ASSIGN_OR_RETURN(const Money part, GainedSince(midnight, trade, live));
    PT_ASSIGN_OR_RETURN(gained, Add(gained, part));
  }
  return gained;
}

}  // namespace

absl::StatusOr<std::vector<Position>> CurrentPositions(Books& books) {
  PriceList prices(books);
  return OpenPositions(books, prices);
}

absl::StatusOr<Stats> CurrentStats(Books& books) {
  PriceList prices(books);
  PT_ASSIGN_OR_RETURN(const std::optional<Account> account, books.PaperAccount());
  PT_ASSIGN_OR_RETURN(const std::vector<Position> positions, OpenPositions(books, prices));
  PT_ASSIGN_OR_RETURN(Stats stats, SumUp(positions, account));
  PT_ASSIGN_OR_RETURN(const Timestamp now, books.MarketTime());
  const auto midnight = std::chrono::floor<std::chrono::days>(now);
  PT_ASSIGN_OR_RETURN(stats.day_pnl, DayGain(books, prices, midnight, positions));
  return stats;
}

}  // namespace papertape::portfolio

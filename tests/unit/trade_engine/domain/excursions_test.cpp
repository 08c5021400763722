#include "services/trade_engine/domain/excursions.h"

#include <algorithm>
#include <map>

#include "libs/ids/ids.h"
#include "tests/support/catch.h"

namespace papertape::trade_engine {
namespace {

constexpr Excursions::SymbolId kApple = 4, kMicrosoft = 9;
Excursions::SymbolId IdOf(const std::string& symbol) { return symbol == "AAPL" ? kApple : kMicrosoft; }

Price Units(std::int64_t units) { return Price::FromUnits(units); }
Money Cash(std::int64_t units) { return Money::FromUnits(units); }

Trade Opened(const std::string& id, std::int64_t entry, Side side = Side::kBuy, std::int64_t at = 0) {
  return {.trade_id = id,
          .symbol = "AAPL",
          .side = side,
          .quantity = Quantity::FromUnits(10),
          .entry_price = Units(entry),
          .quote_time = FromMicrosSinceEpoch(at)};
}

Quote At(std::int64_t units, std::int64_t time = 0) {
  return {.symbol = "AAPL", .last = Units(units), .time = FromMicrosSinceEpoch(time)};
}

TEST_CASE("a trade's excursions are of its own time, in its own direction") {
  Excursions excursions;
  excursions.Opened(kApple, Opened("a", 100), Units(100));
  excursions.See(kApple, Units(130));
  excursions.See(kApple, Units(90));
  excursions.Opened(kApple, Opened("b", 90, Side::kSell), Units(90));
  excursions.See(kApple, Units(95));
  excursions.See(kMicrosoft, Units(1));
  CHECK(excursions.Closed(kApple, Opened("a", 100), Units(95)) == Excursion{Cash(-100), Cash(300)});
  CHECK(excursions.Closed(kApple, Opened("b", 90, Side::kSell), Units(95)) == Excursion{Cash(-50), Cash(0)});
}

TEST_CASE("the exit itself counts, and what never was there is no excursion") {
  Excursions excursions;
  excursions.Opened(kApple, Opened("a", 100), Units(99));
  CHECK(excursions.Closed(kApple, Opened("a", 100), Units(120)) == Excursion{Cash(-10), Cash(200)});
  excursions.Opened(kApple, Opened("b", 100), Units(100));
  CHECK(excursions.Closed(kApple, Opened("b", 100), Units(100)) == Excursion{Cash(0), Cash(0)});
}

// What the excursions are by definition: every price of every open trade.
class Scan {
 public:
  void Opened(const std::string& id, Price last) {
    See(last);
    ways_[id] = {last};
  }
  void See(Price last) {
    for (auto& [id, way] : ways_) way.push_back(last);
  }
  Excursion Closed(const Trade& trade, Price exit_price) {
    std::vector<Price> way = ways_.extract(trade.trade_id).mapped();
    way.push_back(exit_price);
    const auto [low, high] = std::minmax_element(way.begin(), way.end());
    const std::int64_t sign = trade.side == Side::kBuy ? 10 : -10;
    const auto profit = [&](Price price) { return (price.micros() - trade.entry_price.micros()) * sign; };
    return {.adverse = Money::FromMicros(std::min({profit(*low), profit(*high), std::int64_t{0}})),
            .favorable = Money::FromMicros(std::max({profit(*low), profit(*high), std::int64_t{0}}))};
  }

 private:
  std::map<std::string, std::vector<Price>> ways_;
};

TEST_CASE("random ways are those that looking at every price says, also through restarts at any moment") {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    CAPTURE(seed);
    const RandomBits random = SeededRandom(seed);
    Excursions excursions;
    Scan scan;
    KeptExtremes kept{.position = "0-1"};
    std::vector<Quote> since_kept;
    std::map<std::string, Trade> open;
    std::int64_t price = 1'000, time = 0;
    int next = 0;
    for (int step = 0; step < 600; ++step) {
      const std::uint64_t dice = random() % 100;
      price = std::max<std::int64_t>(1, price + static_cast<std::int64_t>(random() % 11) - 5);
      if (dice < 60) {
        since_kept.push_back(At(price, ++time));
        excursions.See(kApple, Units(price));
        scan.See(Units(price));
      } else if (dice < 78) {
        // Opened at a price of the tape, as the engine does.
        since_kept.push_back(At(price, ++time));
        excursions.See(kApple, Units(price));
        scan.See(Units(price));
        char id[16];
        std::snprintf(id, sizeof id, "t%05d", next++);
        const Trade trade = Opened(id, price, random() % 2 == 0 ? Side::kBuy : Side::kSell, time);
        open[id] = trade;
        excursions.Opened(kApple, trade, Units(price));
        scan.Opened(id, Units(price));
      } else if (dice < 92 && !open.empty()) {
        const auto which = std::next(open.begin(), static_cast<std::ptrdiff_t>(random() % open.size()));
        CHECK(excursions.Closed(kApple, which->second, Units(price)) == scan.Closed(which->second, Units(price)));
        open.erase(which);
      } else if (dice < 96) {
        const ExtremesChange change = excursions.TakeChange();
        kept.newest_trade_id = change.newest_trade_id;
        for (const SymbolExtremes& symbol : change.symbols) {
          kept.symbols.clear();
          if (!symbol.highs.empty()) kept.symbols.push_back(symbol);
        }
        since_kept.clear();
      } else {
        std::vector<Trade> active;
        for (const auto& [id, trade] : open) active.push_back(trade);
        excursions = Excursions();
        excursions.Restore(kept, active, IdOf);
        for (const Quote& quote : since_kept) excursions.CountAgain(kApple, quote);
        excursions.Begin(false);
      }
    }
  }
}

TEST_CASE("prices that were missed are said of the trades that were open then, and of no others") {
  Excursions excursions;
  excursions.Restore({}, {Opened("a", 100)}, IdOf);
  excursions.Begin(true);
  excursions.Opened(kApple, Opened("b", 100), Units(100));
  CHECK(excursions.TakeChange().gap_trade_id == "a");
  CHECK(excursions.Closed(kApple, Opened("a", 100), Units(101)).gap);
  CHECK_FALSE(excursions.Closed(kApple, Opened("b", 100), Units(101)).gap);
}

TEST_CASE("what is kept of a symbol follows its open trades, and nothing is kept of one without") {
  Excursions excursions;
  excursions.Opened(kApple, Opened("a", 5'000), Units(5'000));
  for (int i = 0; i < 1'000; ++i) {
    const std::string id = "b" + std::to_string(10'000 + i);
    excursions.Opened(kApple, Opened(id, 4'000 - i), Units(4'000 - i));
    excursions.Closed(kApple, Opened(id, 4'000 - i), Units(4'000 - i));
  }
  const ExtremesChange change = excursions.TakeChange();
  REQUIRE(change.symbols.size() == 1);
  CHECK(change.symbols[0].highs.size() < 30);
  CHECK(excursions.TakeChange().symbols.empty());
  CHECK(excursions.Closed(kApple, Opened("a", 5'000), Units(5'000)).adverse == Cash(-19'990));
  CHECK(excursions.TakeChange().symbols == std::vector<SymbolExtremes>{{.symbol = "AAPL"}});
}

TEST_CASE("a split scales the way behind a trade") {
  Excursions excursions;
  excursions.Opened(kApple, Opened("a", 100), Units(100));
  excursions.See(kApple, Units(120));
  excursions.Scale(kApple, 1, 4);
  Trade after = Opened("a", 25);
  after.quantity = Quantity::FromUnits(40);
  CHECK(excursions.Closed(kApple, after, Units(25)) == Excursion{Cash(0), Cash(200)});
}

TEST_CASE("entries of the tape stand in the order of their numbers") {
  CHECK(IsAfter("10-0", "9-5"));
  CHECK(IsAfter("9-10", "9-9"));
  CHECK_FALSE(IsAfter("9-9", "9-9"));
  CHECK(IsAfter("1-0", ""));
  CHECK_FALSE(IsAfter("", "1-0"));
  CHECK(JustBefore("9-5") == "9-4");
  CHECK(JustBefore("9-0") == "8-18446744073709551615");
  CHECK(JustBefore("0-0") == "0-0");
}

}  // namespace
}  // namespace papertape::trade_engine

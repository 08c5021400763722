#include "services/portfolio/domain/holdings.h"

#include <map>

#include "tests/support/matchers.h"

namespace papertape::portfolio {
namespace {

using testing::HasReason;
using testing::IsOk;

// A day of the market: the machine's has no say.
const Timestamp kMidnight = *ParseDate("2008-10-06");
const Timestamp kNoon = kMidnight + std::chrono::hours(12);

// Says what the test tells it to say, and counts the questions.
class FakeBooks final : public Books {
 public:
  absl::StatusOr<std::vector<OpenTrade>> OpenTrades() override { return trades; }
  absl::StatusOr<std::vector<ClosedTrade>> ClosedTrades(Timestamp since) override {
    asked_since = since;
    return closed;
  }
  absl::StatusOr<std::optional<Account>> PaperAccount() override { return account; }
  absl::StatusOr<Timestamp> MarketTime() override { return now; }
  absl::StatusOr<std::optional<LivePrice>> PriceOf(const std::string& symbol) override {
    ++questions;
    if (!market.ok()) return market;
    const auto found = prices.find(symbol);
    return found == prices.end() ? std::optional<LivePrice>() : found->second;
  }

  absl::StatusOr<std::vector<OpenTrade>> trades = std::vector<OpenTrade>();
  absl::StatusOr<std::vector<ClosedTrade>> closed = std::vector<ClosedTrade>();
  Timestamp asked_since;
  absl::StatusOr<Timestamp> now = kNoon;
  absl::StatusOr<std::optional<Account>> account = std::optional<Account>();
  std::map<std::string, LivePrice> prices;
  absl::Status market;
  int questions = 0;
};

OpenTrade ATrade(const std::string& symbol, std::optional<Price> last_price = std::nullopt) {
  return {.trade_id = "of " + symbol,
          .symbol = symbol,
          .quantity = Quantity::FromUnits(1),
          .entry_price = Price::FromUnits(100),
          .last_price = last_price};
}

TEST_CASE("each symbol is asked for once, and the engine's order is kept") {
  FakeBooks books;
  books.trades = std::vector{ATrade("B"), ATrade("A"), ATrade("B")};
  books.prices = {{"A", {.price = Price::FromUnits(101)}}, {"B", {.price = Price::FromUnits(102)}}};
  const auto positions = CurrentPositions(books);
  REQUIRE_THAT(positions.status(), IsOk());
  REQUIRE(positions->size() == 3);
  CHECK(positions->at(0).trade.symbol == "B");
  CHECK(positions->at(1).valuation->unrealized_pnl == Money::FromUnits(1));
  CHECK(positions->at(2).valuation->unrealized_pnl == Money::FromUnits(2));
  CHECK(books.questions == 2);
}

TEST_CASE("a symbol without a quote is valued at the engine's newest price, as a stale one") {
  FakeBooks books;
  books.trades = std::vector{ATrade("A", Price::FromUnits(99)), ATrade("B"), ATrade("A", Price::FromUnits(98))};
  const auto positions = CurrentPositions(books);
  REQUIRE_THAT(positions.status(), IsOk());
  CHECK(positions->at(0).valuation->live.stale);
  CHECK(positions->at(0).valuation->live.price == Price::FromUnits(99));
  CHECK_FALSE(positions->at(1).valuation.has_value());
  CHECK(positions->at(2).valuation->live.price == Price::FromUnits(98));
}

TEST_CASE("while the market is away it is asked once a call, not once a symbol") {
  FakeBooks books;
  books.trades = std::vector{ATrade("A", Price::FromUnits(99)), ATrade("B", Price::FromUnits(98)), ATrade("C")};
  books.market = Error(GENERATE(Reason::kUNAVAILABLE, Reason::kDEADLINE_EXCEEDED));
  const auto positions = CurrentPositions(books);
  REQUIRE_THAT(positions.status(), IsOk());
  CHECK(books.questions == 1);
  CHECK(positions->at(0).valuation->live.stale);
  CHECK(positions->at(1).valuation->live.price == Price::FromUnits(98));
  CHECK_FALSE(positions->at(2).valuation.has_value());
}

TEST_CASE("other answers of the market are the caller's to see") {
  FakeBooks books;
  books.trades = std::vector{ATrade("A", Price::FromUnits(99))};
  books.market = Error(Reason::kTOKEN_EXPIRED);
  CHECK_THAT(CurrentPositions(books).status(), HasReason(Reason::kTOKEN_EXPIRED));
}

TEST_CASE("without the engine there is no answer") {
  FakeBooks books;
  books.trades = Error(Reason::kUNAVAILABLE);
  CHECK_THAT(CurrentPositions(books).status(), HasReason(Reason::kUNAVAILABLE));
  CHECK_THAT(CurrentStats(books).status(), HasReason(Reason::kUNAVAILABLE));
  books.trades = std::vector<OpenTrade>();
  books.account = Error(Reason::kUNAVAILABLE);
  CHECK_THAT(CurrentStats(books).status(), HasReason(Reason::kUNAVAILABLE));
}

TEST_CASE("the day's gain is that of open trades and of those closed since midnight") {
  FakeBooks books;
  books.trades = std::vector{ATrade("A"), ATrade("B")};  // opened long ago at 100
  books.prices = {{"A", {.price = Price::FromUnits(110), .time = kNoon, .previous_close = Price::FromUnits(107)}},
                  {"C", {.price = Price::FromUnits(50), .time = kNoon, .previous_close = Price::FromUnits(45)}}};
  books.closed = std::vector{ClosedTrade{.symbol = "C",
                                         .quantity = Quantity::FromUnits(2),
                                         .entry_price = Price::FromUnits(40),
                                         .pnl = Money::FromUnits(18)}};
  const auto stats = CurrentStats(books);
  REQUIRE_THAT(stats.status(), IsOk());
  CHECK(books.asked_since == kMidnight);
  CHECK(stats->day_pnl == Money::FromUnits(3 + (18 - 2 * 5)));
  CHECK(books.questions == 3);
  CHECK(stats->unpriced_symbols == std::vector<std::string>{"B"});
}

TEST_CASE("a user without an account has an empty list and zeros") {
  FakeBooks books;
  CHECK(CurrentPositions(books)->empty());
  CHECK(CurrentStats(books)->total_value == Money());
}

}  // namespace
}  // namespace papertape::portfolio

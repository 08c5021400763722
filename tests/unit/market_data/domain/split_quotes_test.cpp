#include "services/market_data/domain/split_quotes.h"

#include "tests/support/catch.h"

namespace papertape::market {
namespace {

const Timestamp kMidnight = *ParseRfc3339("2026-06-10T04:00:00Z");

// Says what it is told to, whenever it is asked.
struct Repeats : QuoteSource {
  explicit Repeats(Quote told) : quote(std::move(told)) {}
  std::vector<Quote> Poll(Timestamp now) override {
    quote.time = now;
    return {quote};
  }
  [[nodiscard]] Timestamp NextAt(Timestamp now) const override { return now + std::chrono::seconds(1); }
  Quote quote;
};

Quote At500(const char* source) {
  return {.symbol = "AAPL",
          .price = Price::FromUnits(500),
          .bid = Price::FromMicros(499'990'000),
          .ask = Price::FromMicros(500'010'000),
          .previous_close = Price::FromUnits(496),
          .source = source};
}

TEST_CASE("simulated prices are on the terms after a split from its first moment on") {
  AnnouncedSplits splits;
  splits.Know({{.symbol = "AAPL",
                .begins_at = kMidnight,
                .split = {.numerator = Quantity::FromUnits(4), .denominator = Quantity::FromUnits(1)}}});
  SplitQuotes quotes(std::make_unique<Repeats>(At500(kSimulatorSource)), splits);
  CHECK(quotes.Poll(kMidnight - std::chrono::microseconds(1))[0].price == Price::FromUnits(500));
  const Quote after = quotes.Poll(kMidnight)[0];
  CHECK(after.price == Price::FromUnits(125));
  CHECK(after.bid == Price::FromMicros(125'000'000));  // 124.9975, to the cent
  CHECK(after.ask == Price::FromMicros(125'000'000));
  CHECK(after.previous_close == Price::FromUnits(124));
  CHECK(after.day_low == Price());
}

TEST_CASE("a provider's price has taken its split by itself") {
  AnnouncedSplits splits;
  splits.Know({{.symbol = "AAPL", .begins_at = kMidnight, .split = {Quantity::FromUnits(4), Quantity::FromUnits(1)}}});
  SplitQuotes quotes(std::make_unique<Repeats>(At500("finnhub")), splits);
  CHECK(quotes.Poll(kMidnight)[0].price == Price::FromUnits(500));
}

TEST_CASE("several splits of a share follow each other, and a cent is the least") {
  AnnouncedSplits splits;
  const Split by_a_thousand{Quantity::FromUnits(1'000), Quantity::FromUnits(1)};
  const Split one_for_ten{Quantity::FromUnits(1), Quantity::FromUnits(10)};
  splits.Know({{.symbol = "AAPL", .begins_at = kMidnight, .split = by_a_thousand},
               {.symbol = "AAPL", .begins_at = kMidnight + std::chrono::hours(24), .split = one_for_ten}});
  Quote quote = At500(kSimulatorSource);
  quote.time = kMidnight;
  splits.Apply(quote);
  CHECK(quote.price == Price::FromMicros(500'000));
  quote = At500(kSimulatorSource);
  quote.time = kMidnight + std::chrono::hours(25);
  splits.Apply(quote);
  CHECK(quote.price == Price::FromUnits(5));
  quote.price = Price::FromMicros(10'000);
  quote.time = kMidnight;
  splits.Apply(quote);
  CHECK(quote.price == Price::FromMicros(10'000));
}

}  // namespace
}  // namespace papertape::market

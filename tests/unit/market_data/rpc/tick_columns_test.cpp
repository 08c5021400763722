#include "services/market_data/rpc/tick_columns.h"

#include <chrono>

#include "tests/support/catch.h"
#include "tests/unit/market_data/market_fixtures.h"

namespace papertape::market {
namespace {

using namespace std::chrono_literals;
using testing::AQuote;
using testing::At;
using testing::Dollars;

const Timestamp kNow = At("2026-11-20T15:30:00Z");

TEST_CASE("a tick costs about a dozen bytes among many of its symbols") {
  std::vector<Quote> quotes;
  for (int i = 0; i < 1'000; ++i) {
    Quote quote = AQuote(i % 2 == 0 ? "AAPL" : "MSFT", 223 + 0.01 * (i % 7), kNow + i * 20us);
    quote.bid = Dollars(222.99);
    quote.ask = Dollars(223.10);
    quotes.push_back(quote);
  }
  CHECK(TickColumns().Serialize(quotes).size() < 13 * quotes.size());
}

TEST_CASE("a symbol stands once in a batch for each source and previous close") {
  Quote other = AQuote("AAPL", 2, kNow);
  other.source = "finnhub";
  Quote later = AQuote("AAPL", 3, kNow);
  later.previous_close = Dollars(1);
  pb::TickBatch batch;
  TickColumns columns;
  columns.Encode({AQuote("AAPL", 1, kNow), AQuote("AAPL", 1.5, kNow), other, later}, batch);
  CHECK(batch.symbols_size() == 3);
  CHECK(batch.sources_size() == 2);
  CHECK(std::vector<std::uint32_t>(batch.subjects().begin(), batch.subjects().end()) ==
        std::vector<std::uint32_t>{0, 0, 1, 2});
  // The next batch begins anew.
  columns.Encode({AQuote("AAPL", 1, kNow)}, batch);
  CHECK(batch.symbols_size() == 1);
  CHECK(batch.price_micros(0) == 1'000'000);
}

TEST_CASE("a batch without bids has no column of bids, and a crossed one is left out") {
  pb::TickBatch batch;
  TickColumns columns;
  columns.Encode({AQuote("^NSEI", 25'000, kNow)}, batch);
  CHECK(batch.bid_steps_micros_size() == 0);
  Quote crossed = AQuote("AAPL", 10, kNow);
  crossed.bid = Dollars(10.5);
  crossed.ask = Dollars(10);
  columns.Encode({crossed}, batch);
  REQUIRE(batch.bid_steps_micros_size() == 1);
  CHECK(batch.bid_steps_micros(0) == 0);
  CHECK(batch.ask_steps_micros(0) == 1);
}

}  // namespace
}  // namespace papertape::market

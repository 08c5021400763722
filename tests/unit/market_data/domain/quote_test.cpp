#include "services/market_data/domain/quote.h"

#include "tests/support/catch.h"
#include "tests/unit/market_data/market_fixtures.h"

namespace papertape::market {
namespace {

using testing::AQuote;
using testing::Dollars;

TEST_CASE("the change is against the previous close, exact, and its percentage to four places") {
  Quote quote = AQuote("AAPL", 101.01, {});
  quote.previous_close = Dollars(99);
  CHECK(quote.Change() == Dollars(2.01));
  CHECK(quote.ChangePercent() == 2.0303);
  quote.price = Dollars(98.5);
  CHECK(quote.Change().micros() == -500'000);
  CHECK(quote.ChangePercent() == -0.5051);
}

TEST_CASE("without a previous close there is no change") {
  const Quote quote = AQuote("AAPL", 101.01, {});
  CHECK(quote.Change().is_zero());
  CHECK(quote.ChangePercent() == 0);
}

}  // namespace
}  // namespace papertape::market

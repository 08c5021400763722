#include "services/market_data/domain/monthly_anchors.h"

#include "tests/support/matchers.h"
#include "tests/unit/market_data/market_fixtures.h"

namespace papertape::market {
namespace {

using papertape::testing::IsOk;
using testing::Dollars;

TEST_CASE("the last close anchors a symbol and the months' returns make its volatility") {
  const auto anchors = ParseMonthlyAnchors(
      "symbol,date,price\nAAPL,Jan 1 2000,100\nAAPL,Feb 1 2000,110\nAAPL,Mar 1 2000,100\nIBM,Jan 1 2000,90\n");
  REQUIRE_THAT(anchors.status(), IsOk());
  REQUIRE(anchors->size() == 2);
  CHECK(anchors->at("AAPL").last_close == Dollars(100));
  // Returns +0.09531 and -0.09531: sample deviation 0.13479, over sqrt(21).
  CHECK(anchors->at("AAPL").daily_volatility == Approx(0.029413).epsilon(1e-4));
  CHECK(anchors->at("IBM").last_close == Dollars(90));
  CHECK(anchors->at("IBM").daily_volatility == 0);
}

TEST_CASE("lines that are no anchors are refused") {
  CHECK_FALSE(ParseMonthlyAnchors("").ok());
  CHECK_FALSE(ParseMonthlyAnchors("symbol,price\nAAPL,1\n").ok());
  CHECK_FALSE(ParseMonthlyAnchors("symbol,date,price\nAAPL,Jan 1 2000\n").ok());
  CHECK_FALSE(ParseMonthlyAnchors("symbol,date,price\nAAPL,Jan 1 2000,-1\n").ok());
}

}  // namespace
}  // namespace papertape::market

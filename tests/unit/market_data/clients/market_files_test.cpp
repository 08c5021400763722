#include "services/market_data/clients/market_files.h"

#include <filesystem>
#include <fstream>

#include "tests/support/matchers.h"
#include "tests/unit/market_data/market_fixtures.h"

namespace papertape::market {
namespace {

using papertape::testing::HasReason;
using papertape::testing::IsOk;
using testing::Dollars;
using testing::MarketFolder;

constexpr char kBars[] = "date,open,high,low,close,adjclose,volume\n2020-04-17,10,12,9,11,11,5\n";
constexpr char kStocks[] = "symbol,date,price\nAAPL,Mar 1 2010,223.02\n";

TEST_CASE("the embedded market is read from its two files") {
  const MarketFolder folder{{"sp500-2000.csv", kBars}, {"stocks.csv", kStocks}};
  const auto market = ReadEmbeddedMarket(folder.path());
  REQUIRE_THAT(market.status(), IsOk());
  CHECK(market->sp500.size() == 1);
  CHECK(market->anchors.at("AAPL").last_close == Dollars(223.02));
}

TEST_CASE("a folder that is not there is not found") {
  CHECK_THAT(ReadEmbeddedMarket("/nowhere/at/all").status(), HasReason(Reason::kNOT_FOUND));
  CHECK_THAT(ReadEmbeddedMarket(MarketFolder{{"sp500-2000.csv", kBars}}.path()).status(),
             HasReason(Reason::kNOT_FOUND));
}

TEST_CASE("a damaged file is named with the line") {
  const MarketFolder folder{{"sp500-2000.csv", "date,open,high,low,close\n2020-04-17,x,12,9,11\n"}};
  const absl::Status status = ReadEmbeddedMarket(folder.path()).status();
  CHECK_THAT(status, HasReason(Reason::kINVALID_ARGUMENT));
  CHECK_THAT(std::string(MessageOf(status)),
             Catch::Matchers::Contains("sp500-2000.csv") && Catch::Matchers::Contains("line 2"));
}

TEST_CASE("a recording without bars is refused") {
  const MarketFolder folder{{"AAPL.csv", "date,open,high,low,close\n"}};
  CHECK_FALSE(ReadBarFile(folder.path() + "/AAPL.csv").ok());
}

TEST_CASE("a recording is named after its symbol") {
  CHECK(SymbolOfFile("/recorded/^NSEI.csv") == "^NSEI");
  CHECK(SymbolOfFile("RELIANCE.NS.csv") == "RELIANCE.NS");
}

}  // namespace
}  // namespace papertape::market

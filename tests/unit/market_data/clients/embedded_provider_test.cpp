#include "services/market_data/clients/embedded_provider.h"

#include "tests/support/matchers.h"
#include "tests/unit/market_data/market_fixtures.h"

namespace papertape::market {
namespace {

using papertape::testing::HasReason;
using papertape::testing::IsOk;
using testing::Day;
using testing::MarketFolder;

constexpr std::string_view kBars =
    "date,open,high,low,close,volume,adjclose\n"
    "2024-05-06,10,12,9,11,100,5.5\n"
    "2024-05-07,11,13,10,12,100,6\n"
    "2024-05-08,12,14,11,13,100,6.5\n";

BarRequest Of(const char* symbol) { return {.symbol = symbol, .from = Day("2024-05-07"), .until = Day("2024-05-08")}; }

TEST_CASE("the recorded files answer for the index and for symbols with a file, raw, and for the days asked for") {
  const MarketFolder folder{{"sp500-2000.csv", kBars}, {"AAPL.csv", kBars}};
  EmbeddedProvider provider(folder.path());
  for (const char* const symbol : {"^GSPC", "AAPL"}) {
    CHECK(provider.Can(Ability::kDailyBars, {.symbol = symbol}));
    const auto told = provider.Bars(Of(symbol), Instant());
    REQUIRE_THAT(told.status(), IsOk());
    REQUIRE(told->bars.size() == 2);
    CHECK(told->bars.front().time == Day("2024-05-07"));
    CHECK(told->bars.front().adjusted_close == told->bars.front().close);
    CHECK(told->adjustment == Adjustment::kRaw);
  }
}

TEST_CASE("what the recorded files lack is not asked for, and not known") {
  const MarketFolder folder{{"AAPL.csv", kBars}};
  EmbeddedProvider provider(folder.path());
  CHECK_FALSE(provider.Can(Ability::kDailyBars, {.symbol = "MSFT"}));
  CHECK_FALSE(provider.Can(Ability::kMinuteBars, {.symbol = "AAPL"}));
  CHECK_FALSE(EmbeddedProvider("").Can(Ability::kDailyBars, {.symbol = "AAPL"}));
  CHECK_THAT(provider.Bars(Of("MSFT"), Instant()).status(), HasReason(Reason::kUNKNOWN_SYMBOL));
}

TEST_CASE("a recorded file that does not read is malformed, and says where") {
  const MarketFolder folder{{"AAPL.csv", "date,open,high,low,close\n2024-05-06,1,2,one,2\n"}};
  const absl::Status status = EmbeddedProvider(folder.path()).Bars(Of("AAPL"), Instant()).status();
  CHECK_THAT(status, HasReason(Reason::kPROVIDER_MALFORMED));
  CHECK_THAT(std::string(MessageOf(status)), Catch::Matchers::Contains("line 2"));
}

}  // namespace
}  // namespace papertape::market

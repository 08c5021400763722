#include "services/market_data/store/pg_instrument_store.h"

#include <algorithm>

#include "tests/integration/market_data/market_database.h"
#include "tests/support/matchers.h"
#include "tests/unit/market_data/market_fixtures.h"

namespace papertape::market {
namespace {

using papertape::testing::IsOk;
using testing::Dollars;
using testing::MarketDatabase;

std::vector<std::string> Symbols(const absl::StatusOr<InstrumentPage>& page) {
  REQUIRE_THAT(page.status(), IsOk());
  std::vector<std::string> symbols;
  for (const Instrument& instrument : page->instruments) symbols.push_back(instrument.symbol);
  return symbols;
}

using List = std::vector<std::string>;

TEST_CASE_METHOD(MarketDatabase, "an installation begins with instruments, each of which can be simulated") {
  const auto all = instruments.All();
  REQUIRE_THAT(all.status(), IsOk());
  CHECK(all->size() >= 20);
  const auto simulations = instruments.Simulations();
  REQUIRE_THAT(simulations.status(), IsOk());
  CHECK(simulations->size() == all->size());
  const auto nifty = std::find_if(simulations->begin(), simulations->end(),
                                  [](const Simulation& simulation) { return simulation.symbol == "^NSEI"; });
  REQUIRE(nifty != simulations->end());
  CHECK(nifty->is_index);
  CHECK(nifty->base_price == Dollars(25'000));
  CHECK(nifty->tick_size == Dollars(0.05));
  CHECK(nifty->daily_volatility == Approx(0.008));
}

TEST_CASE_METHOD(MarketDatabase,
                 "a search finds parts of symbols and names in any case, and means its signs literally") {
  CHECK(Symbols(instruments.List({.search = "apple"})) == List{"AAPL"});
  CHECK(Symbols(instruments.List({.search = ".ns"})) == List{"INFY.NS", "RELIANCE.NS", "TCS.NS"});
  CHECK(Symbols(instruments.List({.search = "%"})).empty());
  CHECK(Symbols(instruments.List({.search = "'; drop table bars; --"})).empty());
}

TEST_CASE_METHOD(MarketDatabase, "sector and exchange are exact and narrow each other") {
  CHECK(Symbols(instruments.List({.sector = "Technology", .exchange = "XNSE"})) == List{"INFY.NS", "TCS.NS"});
  CHECK(Symbols(instruments.List({.exchange = "XBOM"})) == List{"^BSESN"});
  CHECK(Symbols(instruments.List({.sector = "Tech"})).empty());
}

TEST_CASE_METHOD(MarketDatabase, "pages follow each other by symbol and each knows the total") {
  const auto all = instruments.All();
  REQUIRE_THAT(all.status(), IsOk());
  List paged;
  for (std::int64_t offset = 0; offset < static_cast<std::int64_t>(all->size()); offset += 5) {
    const auto page = instruments.List({.offset = offset, .limit = 5});
    const List symbols = Symbols(page);
    CHECK(page->total == static_cast<std::int64_t>(all->size()));
    paged.insert(paged.end(), symbols.begin(), symbols.end());
  }
  List expected;
  for (const Instrument& instrument : *all) expected.push_back(instrument.symbol);
  CHECK(paged == expected);
  const auto beyond = instruments.List({.offset = 1'000});
  CHECK(Symbols(beyond).empty());
  CHECK(beyond->total == static_cast<std::int64_t>(all->size()));
}

}  // namespace
}  // namespace papertape::market

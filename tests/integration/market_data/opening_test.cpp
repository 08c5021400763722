#include "services/market_data/opening.h"

#include <chrono>
#include <mutex>

#include "tests/integration/market_data/market_database.h"
#include "tests/support/eventually.h"
#include "tests/support/matchers.h"
#include "tests/unit/market_data/market_fixtures.h"

namespace papertape::market {
namespace {

using namespace std::chrono_literals;
using papertape::testing::Eventually;
using papertape::testing::HasReason;
using papertape::testing::IsOk;
using testing::Dollars;
using testing::MarketDatabase;
using testing::MarketFolder;

constexpr char kBars[] =
    "date,open,high,low,close,adjclose,volume\n2020-04-16,10,12,9,11,11,5\n2020-04-17,11,12,10,12,12,6\n";
constexpr char kStocks[] = "symbol,date,price\nIBM,Mar 1 2010,1000\n";

// Keeps the last batch.
class LastBatch : public TickPublisher {
 public:
  void Publish(const TapeBatch& batch) override {
    const std::lock_guard lock(mutex_);
    last_ = batch.quotes;
  }
  std::vector<Quote> Last() {
    const std::lock_guard lock(mutex_);
    return last_;
  }

 private:
  std::mutex mutex_;
  std::vector<Quote> last_;
};

struct AMarket : MarketDatabase {
  QuoteBook book{5'000ms, SystemClock()};
  LastBatch publisher;
  MarketTape tape{SystemClock()};
  MarketClock market{SystemClock()};
  Opening Open(const Config& config) {
    return Opening(config,
                   {.instruments = instruments,
                    .bars = bars,
                    .book = book,
                    .publisher = publisher,
                    .clock = SystemClock(),
                    .tape = tape,
                    .market = market},
                   [](const std::vector<Slot>&) {});
  }
};

TEST_CASE_METHOD(AMarket, "the market opens with recorded bars, anchored prices and a quote of every instrument") {
  const MarketFolder folder{{"sp500-2000.csv", kBars}, {"stocks.csv", kStocks}};
  Opening opening = Open({.market_files = folder.path()});
  REQUIRE_THAT(opening.Start(), IsOk());
  REQUIRE(Eventually(10s, [&] { return !publisher.Last().empty(); }));
  opening.Stop();
  CHECK(publisher.Last().size() == book.size());
  CHECK(book.Get("^NSEI")->source == "simulator");
  CHECK(book.Get("IBM")->price > Dollars(500));  // near its anchor, not near the catalogue's 125.55
  CHECK(bars.List({.symbol = "^GSPC"})->bars.back().close == Dollars(12));
}

TEST_CASE_METHOD(AMarket, "opening a second time adds nothing") {
  const MarketFolder folder{{"sp500-2000.csv", kBars}, {"stocks.csv", kStocks}};
  for (int i = 0; i < 2; ++i) {
    Opening opening = Open({.market_files = folder.path()});
    REQUIRE_THAT(opening.Start(), IsOk());
    opening.Stop();
  }
  CHECK(database.Execute("select count(*) from market_data.bars") == "2");
}

TEST_CASE_METHOD(AMarket, "without the files the simulator opens all the same") {
  Opening opening = Open({.market_files = "/nowhere/at/all"});
  REQUIRE_THAT(opening.Start(), IsOk());
  CHECK(Eventually(10s, [&] { return book.AnyFresh(); }));
  opening.Stop();
  CHECK(database.Execute("select count(*) from market_data.bars") == "0");
}

TEST_CASE_METHOD(AMarket, "damaged files are refused") {
  const MarketFolder folder{{"sp500-2000.csv", "nothing of use\n"}, {"stocks.csv", kStocks}};
  Opening opening = Open({.market_files = folder.path()});
  CHECK_THAT(opening.Start(), HasReason(Reason::kINVALID_ARGUMENT));
}

TEST_CASE_METHOD(AMarket, "a recording replays as its symbol, and one of no instrument is refused") {
  const MarketFolder folder{{"^NSEI.csv", kBars}, {"NOPE.csv", kBars}};
  Opening opening = Open({.replay = true, .replay_file = folder.path() + "/^NSEI.csv", .replay_speed = 1'000});
  REQUIRE_THAT(opening.Start(), IsOk());
  CHECK(Eventually(10s, [&] { return book.Get(".NSEI").ok(); }));
  opening.Stop();
  CHECK(book.Get(".NSEI")->source == "replay");
  CHECK(book.Get(".NSEI")->price == Dollars(10));
  CHECK_THAT(book.Get("AAPL").status(), HasReason(Reason::kQUOTE_STALE));

  Opening refused = Open({.replay = true, .replay_file = folder.path() + "/NOPE.csv"});
  CHECK_THAT(refused.Start(), HasReason(Reason::kUNKNOWN_SYMBOL));
}

}  // namespace
}  // namespace papertape::market

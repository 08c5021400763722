#include "services/market_data/clients/yahoo_provider.h"

#include "services/market_data/clients/yahoo_chart.h"
#include "tests/integration/market_data/providers/provider_world.h"

namespace papertape::market {
namespace {

using testing::FakeYahoo;
using testing::HasReason;

struct Yahoo : ProviderWorld {
  explicit Yahoo(bool live = false, const char* user_agent = kBrowserName)
      : Yahoo(std::make_unique<FakeYahoo>(TheTape(), live), user_agent) {}
  Yahoo(std::unique_ptr<FakeYahoo> given, const char* user_agent)
      : ProviderWorld(*given, "yahoo", {.user_agent = user_agent}), fake(std::move(given)) {}

  std::unique_ptr<FakeYahoo> fake;
  YahooProvider provider{*client, clock};
};

// Prices that went through a division by four are right to what a 32-bit float can say of them.
void CheckNear(const std::vector<Bar>& told, const std::vector<Bar>& traded) {
  REQUIRE(told.size() == traded.size());
  for (std::size_t i = 0; i < told.size(); ++i) {
    CAPTURE(i, FormatDate(told[i].time));
    CHECK(told[i].time == traded[i].time);
    CHECK(told[i].volume == traded[i].volume);
    const auto off = told[i].close.micros() - traded[i].close.micros();
    CHECK(std::abs(off) <= traded[i].close.micros() / 5'000'000);
    CHECK(told[i].adjusted_close == told[i].close);
  }
}

std::vector<Bar> WithoutThird(std::vector<Bar> bars) {
  bars.erase(bars.begin() + 2);
  return bars;
}

TEST_CASE("Yahoo's bars are exact where no split came after, and rows with nulls are dropped") {
  Yahoo yahoo;
  CHECK(yahoo.provider.Bars(Daily("MSFT", "2024-03-01", "2024-12-31"), yahoo.Deadline()).value().bars ==
        WithoutThird(Traded("MSFT", "2024-03-01", "2024-12-31")));
}

TEST_CASE("Yahoo's split-adjusted prices are handed over as they were traded, splits after the range included") {
  Yahoo yahoo;
  const ProvidedBars before = yahoo.provider.Bars(Daily("AAPL", "2024-02-01", "2024-03-29"), yahoo.Deadline()).value();
  CHECK(before.adjustment == Adjustment::kRaw);
  CheckNear(before.bars, WithoutThird(Traded("AAPL", "2024-02-01", "2024-03-29")));
  const ProvidedBars over = yahoo.provider.Bars(Daily("AAPL", "2024-01-02", "2024-12-31"), yahoo.Deadline()).value();
  CheckNear(over.bars, WithoutThird(Traded("AAPL", "2024-01-02", "2024-12-31")));
}

TEST_CASE("Yahoo's last price is told with the close before it and the day's range") {
  Yahoo yahoo(true);
  const std::vector<Quote> quotes = yahoo.provider.Quotes({"NOBODY", "MSFT"}, yahoo.Deadline()).value();
  REQUIRE(quotes.size() == 1);
  const std::vector<Bar>& bars = TheTape().Find("MSFT")->bars;
  CHECK(quotes[0].symbol == "MSFT");
  CHECK(quotes[0].price == bars.back().close);
  CHECK(quotes[0].previous_close == bars[bars.size() - 2].close);
  CHECK(quotes[0].day_low == bars.back().low);
  CHECK(quotes[0].day_high == bars.back().high);
  CHECK(quotes[0].source == "yahoo");
  CHECK(FormatRfc3339(quotes[0].time) == "2024-12-31T21:00:03Z");
  CHECK_THAT(yahoo.provider.Quotes({"NOBODY"}, yahoo.Deadline()).status(), HasReason(Reason::kUNKNOWN_SYMBOL));
}

TEST_CASE("Yahoo quotes the indices of India and nothing else") {
  Yahoo yahoo;
  CHECK(yahoo.provider.Can(Ability::kQuote, {.symbol = "^BSESN", .exchange = "XBOM", .is_index = true}));
  CHECK_FALSE(yahoo.provider.Can(Ability::kQuote, {.symbol = "AAPL", .exchange = "XNAS"}));
  CHECK_FALSE(yahoo.provider.Can(Ability::kQuote, {.symbol = "^GSPC", .exchange = "XNYS", .is_index = true}));
}

TEST_CASE("the row with the last price behind the last day is not a day") {
  Yahoo yahoo(true);
  CHECK(yahoo.provider.Bars(Daily("MSFT", "2024-03-01", "2024-12-31"), yahoo.Deadline()).value().bars ==
        WithoutThird(Traded("MSFT", "2024-03-01", "2024-12-31")));
}

TEST_CASE("a day that is not over is no bar") {
  const json::Document document = json::Document::Parse(R"({
    "meta":{"gmtoffset":-18000,"regularMarketTime":1735660000,
            "currentTradingPeriod":{"regular":{"start":1735655400,"end":1735678800}}},
    "timestamp":[1735569000,1735655400],
    "indicators":{"quote":[{"open":[1,2],"high":[1,2],"low":[1,2],"close":[1,2],"volume":[5,6]}]}})")
                                      .value();
  const auto bars = YahooChart(document.root()).Bars(Interval::kDay);
  REQUIRE(bars);
  REQUIRE(bars->size() == 1);
  CHECK(FormatDate(bars->front().time) == "2024-12-30");
}

TEST_CASE("prices kept as 32-bit floats are read as the decimal that was meant") {
  const json::Document document =
      json::Document::Parse("[175.0399932861328, 25012.349609375, 0.128348, 174.6, 1e30, \"175\"]").value();
  const std::vector<json::Value> values = document.root().Elements();
  CHECK(Format(ReadFloatPrice(values[0]).value()) == "175.04");
  CHECK(Format(ReadFloatPrice(values[1]).value()) == "25012.35");
  CHECK(Format(ReadFloatPrice(values[2]).value()) == "0.128348");
  CHECK(Format(ReadFloatPrice(values[3]).value()) == "174.6");
  CHECK_FALSE(ReadFloatPrice(values[4]));
  CHECK_FALSE(ReadFloatPrice(values[5]));
}

TEST_CASE("Yahoo's dividends are told as they were paid, before later splits") {
  Yahoo yahoo;
  CHECK(yahoo.provider.Actions("AAPL", Day("2024-01-01"), Day("2024-12-31"), yahoo.Deadline()).value() ==
        OneOfAKindADay(TheTape().Find("AAPL")->actions));
}

TEST_CASE("without a browser's name Yahoo wants fewer requests") {
  Yahoo yahoo(false, "papertape");
  CHECK_THAT(yahoo.provider.Bars(Daily("MSFT", "2024-03-01", "2024-03-29"), yahoo.Deadline()).status(),
             HasReason(Reason::kPROVIDER_UNAVAILABLE));
}

TEST_CASE("what Yahoo does not know is unknown, and what is too old is refused") {
  Yahoo yahoo;
  CHECK_THAT(yahoo.provider.Bars(Daily("NOPE", "2024-03-01", "2024-03-29"), yahoo.Deadline()).status(),
             HasReason(Reason::kUNKNOWN_SYMBOL));
  yahoo.fake->Suffer(testing::Trouble::kUsedUp);
  CHECK_THAT(yahoo.provider.Bars(Daily("MSFT", "2024-03-01", "2024-03-29"), yahoo.Deadline()).status(),
             HasReason(Reason::kPROVIDER_REFUSED));
}

TEST_CASE("columns that do not fit the times are malformed") {
  for (const char* text :
       {R"({"timestamp":[1,2],"indicators":{"quote":[{"open":[1],"high":[1],"low":[1],"close":[1],"volume":[1]}]}})",
        R"({"timestamp":["a"],"indicators":{"quote":[{"open":[1],"high":[1],"low":[1],"close":[1],"volume":[1]}]}})",
        R"({"timestamp":[1],"indicators":{"quote":[{"open":["x"],"high":[1],"low":[1],"close":[1],"volume":[1]}]}})",
        R"({"timestamp":[1],"indicators":{}})", R"({"events":{"splits":{"1":{"date":1,"numerator":0}}}})"}) {
    CAPTURE(text);
    const json::Document document = json::Document::Parse(text).value();
    CHECK_FALSE(YahooChart(document.root()).Bars(Interval::kDay));
  }
  const json::Document nothing = json::Document::Parse(R"({"meta":{},"indicators":{"quote":[{}]}})").value();
  CHECK(YahooChart(nothing.root()).Bars(Interval::kDay).value().empty());
}

}  // namespace
}  // namespace papertape::market

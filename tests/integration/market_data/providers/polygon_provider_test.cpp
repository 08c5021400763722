#include "services/market_data/clients/polygon_provider.h"

#include "tests/integration/market_data/providers/provider_world.h"

namespace papertape::market {
namespace {

using testing::FakeHttp;
using testing::FakePolygon;
using testing::HasReason;
using testing::HttpAnswer;
using testing::HttpAsk;
using testing::kFakeKey;

struct Polygon : ProviderWorld {
  explicit Polygon(std::size_t page = 50'000) : Polygon(std::make_unique<FakePolygon>(TheTape(), kElsewhere, page)) {}
  explicit Polygon(std::unique_ptr<FakePolygon> given) : ProviderWorld(*given, "polygon"), fake(std::move(given)) {}

  static constexpr char kElsewhere[] = "https://api.polygon.io";
  std::unique_ptr<FakePolygon> fake;
  PolygonProvider provider{*client, kFakeKey};
};

// A provider that gives one answer to everything.
struct Scripted {
  explicit Scripted(const HttpAnswer& answer) : server([answer](const HttpAsk&) { return answer; }) {}
  absl::StatusOr<ProvidedBars> Bars() {
    return provider.Bars(Daily("AAPL", "2024-02-01", "2024-02-29"), clock.Steady() + std::chrono::seconds(30));
  }

  FakeHttp server;
  FakeClock clock;
  rpc::Metrics metrics;
  http::Client client{
      {.name = "polygon", .base = http::ParseBaseUrl(server.url()).value()}, clock, SeededRandom(1), metrics};
  PolygonProvider provider{client, kFakeKey};
};

TEST_CASE("Polygon's daily bars bear the date of New York and whole volumes, winter and summer") {
  Polygon polygon;
  const ProvidedBars told =
      polygon.provider.Bars(Daily("AAPL", "2024-03-01", "2024-04-30"), polygon.Deadline()).value();
  CHECK(told.adjustment == Adjustment::kRaw);
  CHECK(told.bars == Traded("AAPL", "2024-03-01", "2024-04-30"));
  REQUIRE(polygon.server.asks().size() == 1);
  const HttpAsk ask = polygon.server.asks()[0];
  CHECK(ask.path == "/v2/aggs/ticker/AAPL/range/1/day/2024-03-01/2024-04-30");
  CHECK(ask.Query("adjusted") == "false");
  CHECK(ask.Query("apiKey").empty());
  CHECK(ask.Header("authorization") == std::string("Bearer ") + kFakeKey);
}

TEST_CASE("Polygon's pages are followed with the key, at the address that is set") {
  Polygon polygon(10);
  const std::vector<Bar> traded = Traded("MSFT", "2024-01-02", "2024-02-29");
  CHECK(polygon.provider.Bars(Daily("MSFT", "2024-01-02", "2024-02-29"), polygon.Deadline()).value().bars == traded);
  const std::vector<HttpAsk> asks = polygon.server.asks();
  REQUIRE(asks.size() == (traded.size() + 9) / 10);
  CHECK(asks[1].Query("cursor") == "10");
  CHECK(asks[1].Query("limit").empty());
  for (const HttpAsk& ask : asks) CHECK(ask.Header("authorization") == std::string("Bearer ") + kFakeKey);
}

TEST_CASE("days without trading give Polygon no results, which is an empty list") {
  Polygon polygon;
  CHECK(polygon.provider.Bars(Daily("AAPL", "2023-01-01", "2023-01-31"), polygon.Deadline()).value().bars.empty());
  CHECK(polygon.provider.WholeDay(Day("2024-01-06"), polygon.Deadline()).value().empty());
}

TEST_CASE("Polygon tells a whole day in one answer, whatever its time says") {
  Polygon polygon;
  const auto day = polygon.provider.WholeDay(Day("2024-05-02"), polygon.Deadline()).value();
  REQUIRE(day.size() == TheTape().listings.size());
  for (const auto& [symbol, bar] : day) CHECK(bar == Traded(symbol, "2024-05-02", "2024-05-02").front());
}

TEST_CASE("Polygon's splits and dividends come by their ex-dates") {
  Polygon polygon;
  const auto actions =
      polygon.provider.Actions("AAPL", Day("2024-01-01"), Day("2024-12-31"), polygon.Deadline()).value();
  auto expected = OneOfAKindADay(TheTape().Find("AAPL")->actions);
  CHECK(actions == expected);
  CHECK(polygon.provider.Actions("AAPL", Day("2024-12-30"), Day("2024-12-31"), polygon.Deadline()).value().empty());
}

TEST_CASE("Polygon describes a share, and knows what it does not know") {
  Polygon polygon;
  const Instrument apple = polygon.provider.Describe("AAPL", polygon.Deadline()).value();
  CHECK(apple.name == "Apple Inc.");
  CHECK(apple.exchange == "XNAS");
  CHECK(apple.currency == "USD");
  CHECK_THAT(polygon.provider.Describe("NOPE", polygon.Deadline()).status(), HasReason(Reason::kUNKNOWN_SYMBOL));
  CHECK(polygon.provider.Describe("BRK-B", polygon.Deadline()).value().symbol == "BRK-B");
}

TEST_CASE("a key that Polygon does not know, and a plan that is too small, are refusals") {
  Polygon polygon;
  PolygonProvider stranger(*polygon.client, "another-key");
  const absl::Status status = stranger.Bars(Daily("AAPL", "2024-03-01", "2024-03-02"), polygon.Deadline()).status();
  CHECK_THAT(status, HasReason(Reason::kPROVIDER_REFUSED));
  CHECK(MessageOf(status) == "polygon answers 401: Unknown API Key.");

  polygon.fake->Suffer(testing::Trouble::kUsedUp);
  const absl::Status small =
      polygon.provider.Bars(Daily("AAPL", "2024-03-01", "2024-03-02"), polygon.Deadline()).status();
  CHECK_THAT(small, HasReason(Reason::kPROVIDER_REFUSED));
  CHECK(MessageOf(small) == "polygon answers 403: You are not entitled to this data.");
}

TEST_CASE("a key that an answer repeats is not repeated by us") {
  Scripted polygon({.status = 401, .body = std::string(R"({"error":"bad key )") + kFakeKey + "\"}"});
  CHECK(polygon.Bars().status().ToString().find(kFakeKey) == std::string::npos);
}

TEST_CASE("what Polygon cannot mean is malformed") {
  for (const char* body :
       {"[]", R"({"results":{}})", R"({"results":[7]})", R"({"results":[{"o":1,"h":2,"l":1,"t":1713499200000}]})",
        R"({"results":[{"o":"x","h":2,"l":1,"c":1,"t":1713499200000}]})",
        R"({"results":[{"o":1,"h":2,"l":1,"c":1,"t":"today"}]})", R"({"results":[],"next_url":"nowhere"})",
        R"({"results":[{"o":1e30,"h":2,"l":1,"c":1,"t":1713499200000}]})"}) {
    CAPTURE(body);
    CHECK_THAT(Scripted({.body = body}).Bars().status(), HasReason(Reason::kPROVIDER_MALFORMED));
  }
}

TEST_CASE("prices with more places than a millionth has are rounded to the nearest") {
  Scripted polygon({.body = R"({"results":[{"o":178.12345650001,"h":179,"l":173.0000005,"c":174.6,"v":55099718.5,)"
                            R"("t":1713499200000}],"status":"DELAYED"})"});
  const Bar bar = polygon.Bars().value().bars.at(0);
  CHECK(bar.open == Price::FromMicros(178'123'457));
  CHECK(bar.low == Price::FromMicros(173'000'000));
  CHECK(bar.volume == 55'099'718);
  CHECK(FormatDate(bar.time) == "2024-04-19");
}

TEST_CASE("Polygon is asked for American shares and the indices that it has") {
  Polygon polygon;
  CHECK(polygon.provider.Can(Ability::kDailyBars, {.symbol = "AAPL", .exchange = "XNAS"}));
  CHECK(polygon.provider.Can(Ability::kDailyBars, {.symbol = "^GSPC", .exchange = "XNYS", .is_index = true}));
  CHECK_FALSE(polygon.provider.Can(Ability::kDailyBars, {.symbol = "^NSEI", .exchange = "XNSE", .is_index = true}));
  CHECK_FALSE(
      polygon.provider.Can(Ability::kCorporateActions, {.symbol = "^GSPC", .exchange = "XNYS", .is_index = true}));
  CHECK_FALSE(polygon.provider.Can(Ability::kQuote, {.symbol = "AAPL", .exchange = "XNAS"}));
}

}  // namespace
}  // namespace papertape::market

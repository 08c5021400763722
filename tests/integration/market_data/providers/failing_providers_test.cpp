#include "services/market_data/clients/polygon_provider.h"
#include "services/market_data/clients/tiingo_provider.h"
#include "services/market_data/clients/yahoo_provider.h"
#include "services/market_data/domain/provider_chain.h"
#include "tests/integration/market_data/providers/provider_world.h"

namespace papertape::market {
namespace {

using testing::FakePolygon;
using testing::FakeTiingo;
using testing::FakeYahoo;
using testing::HasReason;
using testing::IsOk;
using testing::kFakeKey;
using testing::Trouble;

// All three, in a chain.
struct World {
  FakePolygon fake_polygon{TheTape()};
  FakeTiingo fake_tiingo{TheTape()};
  FakeYahoo fake_yahoo{TheTape()};
  ProviderWorld polygon{fake_polygon, "polygon", {.tries = 1}};
  ProviderWorld tiingo{fake_tiingo, "tiingo", {.tries = 1}};
  ProviderWorld yahoo{fake_yahoo, "yahoo", {.user_agent = kBrowserName, .tries = 1}};
  PolygonProvider polygon_provider{*polygon.client, kFakeKey};
  TiingoProvider tiingo_provider{*tiingo.client, kFakeKey};
  YahooProvider yahoo_provider{*yahoo.client, yahoo.clock};
  ProviderChain chain{{&polygon_provider, &tiingo_provider, &yahoo_provider}, polygon.clock};
};

struct Case {
  Trouble trouble;
  Reason reason;
};

TEST_CASE("each failure of each provider has its name, and the next one answers") {
  for (const Case& with :
       {Case{Trouble::kBusy, Reason::kPROVIDER_UNAVAILABLE}, Case{Trouble::kBroken, Reason::kPROVIDER_UNAVAILABLE},
        Case{Trouble::kCut, Reason::kPROVIDER_UNAVAILABLE}, Case{Trouble::kPage, Reason::kPROVIDER_UNAVAILABLE},
        Case{Trouble::kNonsense, Reason::kPROVIDER_MALFORMED}, Case{Trouble::kUsedUp, Reason::kPROVIDER_REFUSED}}) {
    CAPTURE(static_cast<int>(with.trouble));
    for (const bool both : {false, true}) {
      World world;
      const Instant deadline = world.polygon.Deadline();
      world.fake_polygon.Suffer(with.trouble);
      if (both) world.fake_tiingo.Suffer(with.trouble);
      const auto answer = world.chain.Bars(Daily("MSFT", "2024-03-01", "2024-03-29"),
                                           {.symbol = "MSFT", .exchange = "XNAS"}, "", deadline);
      REQUIRE_THAT(answer.status(), IsOk());
      CHECK(answer->source == (both ? "yahoo" : "tiingo"));
      REQUIRE(answer->passed_over.size() == (both ? 2 : 1));
      for (const PassedOver& passed : answer->passed_over) CHECK_THAT(passed.why, HasReason(with.reason));
      CHECK(answer->bars.bars.size() >= 20);
    }
  }
}

TEST_CASE("a provider whose body trickles costs its share of the time and no more") {
  FakePolygon fake_polygon(TheTape());
  FakeTiingo fake_tiingo(TheTape());
  const auto serve = [](testing::FakeProvider& fake) {
    return [&fake](const testing::HttpAsk& ask) { return fake.Answer(ask); };
  };
  testing::FakeHttp polygon_server(serve(fake_polygon));
  testing::FakeHttp tiingo_server(serve(fake_tiingo));
  rpc::Metrics metrics;
  const auto options = [](const char* name, const testing::FakeHttp& server) {
    return http::ClientOptions{.name = name, .base = http::ParseBaseUrl(server.url()).value()};
  };
  http::Client polygon_client(options("polygon", polygon_server), SystemClock(), SeededRandom(1), metrics);
  http::Client tiingo_client(options("tiingo", tiingo_server), SystemClock(), SeededRandom(1), metrics);
  PolygonProvider polygon(polygon_client, kFakeKey);
  TiingoProvider tiingo(tiingo_client, kFakeKey);
  ProviderChain chain({&polygon, &tiingo}, SystemClock());

  fake_polygon.Suffer(Trouble::kSlow);
  const Instant start = SystemClock().Steady();
  const auto answer = chain.Bars(Daily("AAPL", "2024-03-01", "2024-03-29"), {.symbol = "AAPL", .exchange = "XNAS"}, "",
                                 start + std::chrono::seconds(2));
  REQUIRE_THAT(answer.status(), IsOk());
  CHECK(answer->source == "tiingo");
  CHECK(SystemClock().Steady() - start >= std::chrono::milliseconds(900));
  CHECK(SystemClock().Steady() - start < std::chrono::seconds(2));
  CHECK(MessageOf(answer->passed_over.at(0).why) == "polygon did not answer in time.");
}

}  // namespace
}  // namespace papertape::market

#include "services/market_data/clients/tiingo_provider.h"

#include "services/market_data/clients/split_factor.h"
#include "tests/integration/market_data/providers/provider_world.h"

namespace papertape::market {
namespace {

using testing::FakeTiingo;
using testing::HasReason;
using testing::kFakeKey;

struct Tiingo : ProviderWorld {
  Tiingo() : Tiingo(std::make_unique<FakeTiingo>(TheTape())) {}
  explicit Tiingo(std::unique_ptr<FakeTiingo> given) : ProviderWorld(*given, "tiingo"), fake(std::move(given)) {}

  std::unique_ptr<FakeTiingo> fake;
  TiingoProvider provider{*client, kFakeKey};
};

TEST_CASE("Tiingo's rows are bars as they were traded, with the key in a header") {
  Tiingo tiingo;
  const ProvidedBars told = tiingo.provider.Bars(Daily("AAPL", "2024-03-01", "2024-06-28"), tiingo.Deadline()).value();
  CHECK(told.bars == Traded("AAPL", "2024-03-01", "2024-06-28"));
  CHECK(told.adjustment == Adjustment::kRaw);
  REQUIRE(tiingo.server.asks().size() == 1);
  CHECK(tiingo.server.asks()[0].Header("authorization") == std::string("Token ") + kFakeKey);
  CHECK(tiingo.server.asks()[0].Query("token").empty());
}

TEST_CASE("Tiingo's classes of shares have a hyphen") {
  Tiingo tiingo;
  for (const char* symbol : {"BRK.B", "BRK-B"}) {
    CHECK(tiingo.provider.Bars(Daily(symbol, "2024-03-01", "2024-03-29"), tiingo.Deadline()).value().bars ==
          Traded("BRK.B", "2024-03-01", "2024-03-29"));
  }
  CHECK(tiingo.server.asks()[0].path == "/tiingo/daily/BRK-B/prices");
}

TEST_CASE("Tiingo's rows tell splits and dividends") {
  Tiingo tiingo;
  CHECK(tiingo.provider.Actions("AAPL", Day("2024-01-01"), Day("2024-12-31"), tiingo.Deadline()).value() ==
        OneOfAKindADay(TheTape().Find("AAPL")->actions));
}

TEST_CASE("a split told as one number is the simplest fraction that it rounds") {
  const auto fraction = [](std::int64_t micros) {
    const Split split = SplitOfFactor(micros);
    return std::pair(Format(split.numerator), Format(split.denominator));
  };
  CHECK(fraction(4'000'000) == std::pair<std::string, std::string>("4", "1"));
  CHECK(fraction(1'500'000) == std::pair<std::string, std::string>("3", "2"));
  CHECK(fraction(333'333) == std::pair<std::string, std::string>("1", "3"));
  CHECK(fraction(100'000) == std::pair<std::string, std::string>("1", "10"));
  CHECK(fraction(666'666) == std::pair<std::string, std::string>("2", "3"));
  CHECK(fraction(1'020'408) == std::pair<std::string, std::string>("50", "49"));
}

TEST_CASE("Tiingo describes a share, and knows what it does not know") {
  Tiingo tiingo;
  const Instrument apple = tiingo.provider.Describe("AAPL", tiingo.Deadline()).value();
  CHECK(apple.name == "Apple Inc.");
  CHECK(apple.exchange == "XNAS");
  CHECK_THAT(tiingo.provider.Describe("NOPE", tiingo.Deadline()).status(), HasReason(Reason::kUNKNOWN_SYMBOL));
}

TEST_CASE("a month's symbols that are used up are a refusal, though the status says 200") {
  Tiingo tiingo;
  tiingo.fake->Suffer(testing::Trouble::kUsedUp);
  CHECK_THAT(tiingo.provider.Bars(Daily("AAPL", "2024-03-01", "2024-03-02"), tiingo.Deadline()).status(),
             HasReason(Reason::kPROVIDER_REFUSED));
}

TEST_CASE("a key that Tiingo does not know is a refusal") {
  Tiingo tiingo;
  TiingoProvider stranger(*tiingo.client, "another-key");
  CHECK_THAT(stranger.Bars(Daily("AAPL", "2024-03-01", "2024-03-02"), tiingo.Deadline()).status(),
             HasReason(Reason::kPROVIDER_REFUSED));
}

TEST_CASE("what is not a list of prices is malformed") {
  Tiingo tiingo;
  tiingo.fake->Suffer(testing::Trouble::kNonsense);
  CHECK_THAT(tiingo.provider.Bars(Daily("AAPL", "2024-03-01", "2024-03-02"), tiingo.Deadline()).status(),
             HasReason(Reason::kPROVIDER_MALFORMED));
}

}  // namespace
}  // namespace papertape::market

#include "libs/execution/slippage.h"

#include <limits>
#include <string>

#include "tests/support/matchers.h"

namespace papertape::execution {
namespace {

constexpr Price kHundred = Price::FromUnits(100);
const Market kQuoted{.last = kHundred, .bid = Price::FromMicros(99'990'000), .ask = Price::FromMicros(100'010'000)};
const Market kIndex{.last = kHundred};

std::string Filled(std::string_view model, const Market& market, Side side, std::int64_t quantity = 1) {
  const absl::StatusOr<SlippageModel> parsed = ParseSlippage(model);
  REQUIRE(parsed.ok());
  const absl::StatusOr<Price> price = FillPrice(*parsed, market, side, Quantity::FromUnits(quantity));
  REQUIRE(price.ok());
  return Format(*price);
}

TEST_CASE("without slippage a buy pays the ask, a sell gets the bid, an index the last price") {
  CHECK(Filled("none", kQuoted, Side::kBuy) == "100.01");
  CHECK(Filled("none", kQuoted, Side::kSell) == "99.99");
  CHECK(Filled("none", kIndex, Side::kBuy) == "100");
  CHECK(Filled("none", kIndex, Side::kSell) == "100");
}

TEST_CASE("basis points are against whoever trades, rounded against them") {
  CHECK(Filled("bps:5", kIndex, Side::kBuy) == "100.05");
  CHECK(Filled("bps:5", kIndex, Side::kSell) == "99.95");
  CHECK(Filled("bps:0.5", kIndex, Side::kBuy) == "100.005");
  const Market penny{.last = Price::FromMicros(10)};
  CHECK(Filled("bps:5", penny, Side::kBuy) == "0.000011");
  CHECK(Filled("bps:1000", Market{.last = Price::FromMicros(1)}, Side::kSell) ==
        "0.000001");  // a price stays more than 0
}

TEST_CASE("a share of the volume costs by its square, up to 2.5 %") {
  const Market market{.last = kHundred, .volume = 10'000};
  CHECK(Filled("volume_share", market, Side::kBuy, 100) == "100.001");    // 1 %: 0.0001 * 0.1
  CHECK(Filled("volume_share", market, Side::kBuy, 250) == "100.00625");  // 2.5 %
  CHECK(Filled("volume_share", market, Side::kBuy, 10'000) == "100.00625");
  CHECK(Filled("volume_share", kIndex, Side::kSell, 1) == "99.99375");  // not known: as if it were 2.5 %
}

TEST_CASE("market impact grows with size, with volatility and with haste") {
  const Market market{.last = kHundred, .volume = 1'000'000, .daily_volatility = 0.02};
  // 0.02 * (0.157 * 0.01 * 3.760603 + 0.142 * 0.1^0.6) of 100
  CHECK(Filled("impact", market, Side::kBuy, 10'000) == "100.083146");
  const auto cost = [](const std::string& price) { return *ParseDecimal(price) - kHundred.micros(); };
  CHECK(cost(Filled("impact", market, Side::kBuy, 20'000)) > cost(Filled("impact", market, Side::kBuy, 10'000)));
  CHECK(cost(Filled("impact:1", market, Side::kBuy, 10'000)) < cost(Filled("impact", market, Side::kBuy, 10'000)));
  Market calm = market;
  calm.daily_volatility = 0.01;
  CHECK(cost(Filled("impact", calm, Side::kBuy, 10'000)) < cost(Filled("impact", market, Side::kBuy, 10'000)));
}

TEST_CASE("a model says whether it looks at volumes") {
  CHECK_FALSE(NeedsVolume(*ParseSlippage("none")));
  CHECK_FALSE(NeedsVolume(*ParseSlippage("bps:1")));
  CHECK(NeedsVolume(*ParseSlippage("volume_share")));
  CHECK(NeedsVolume(*ParseSlippage("impact:0.5")));
}

TEST_CASE("what is no slippage model is refused by name") {
  const auto text = GENERATE(as<std::string>(), "", "bps", "bps:-1", "bps:1001", "bps:1:2", "none:0", "impact:0",
                             "impact:1:2", "volume_share:1", "slow");
  CAPTURE(text);
  const absl::Status refused = ParseSlippage(text).status();
  CHECK(ReasonOf(refused) == Reason::kINVALID_ARGUMENT);
  CHECK(MessageOf(refused).find(text) != std::string::npos);
}

TEST_CASE("a price out of the exact range is an error") {
  const Market huge{.last = Price::FromMicros(std::numeric_limits<std::int64_t>::max()), .volume = 1};
  for (const char* model : {"bps:1", "impact"}) {
    CHECK(ReasonOf(FillPrice(*ParseSlippage(model), huge, Side::kBuy, Quantity::FromUnits(1'000)).status()) ==
          Reason::kAMOUNT_OUT_OF_RANGE);
  }
}

}  // namespace
}  // namespace papertape::execution

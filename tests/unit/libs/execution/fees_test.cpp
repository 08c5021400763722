#include "libs/execution/fees.h"

#include <string>

#include "libs/execution/india_rates.h"
#include "libs/ids/ids.h"
#include "tests/support/matchers.h"

namespace papertape::execution {
namespace {

Timestamp Day(std::string_view text) { return *ParseDate(text); }

Fill Of(Side side, std::int64_t price, std::int64_t quantity, std::string_view day = "2025-01-02") {
  return {.side = side,
          .price = Price::FromUnits(price),
          .quantity = Quantity::FromUnits(quantity),
          .time = Day(day) + std::chrono::hours(6)};
}

std::string Total(std::string_view model, const Fill& fill) {
  const absl::StatusOr<FeeModel> parsed = ParseFees(model);
  REQUIRE(parsed.ok());
  const absl::StatusOr<Fees> fees = FeesOf(*parsed, fill);
  REQUIRE(fees.ok());
  Money sum;
  for (const FeeLine& line : fees->lines) {
    CHECK(line.amount > Money());
    sum = *Add(sum, line.amount);
  }
  CHECK(sum == fees->total);
  return Format(fees->total);
}

std::string Lines(std::string_view model, const Fill& fill) {
  std::string text;
  const absl::StatusOr<Fees> fees = FeesOf(*ParseFees(model), fill);
  REQUIRE(fees.ok());
  for (const FeeLine& line : fees->lines) text += std::string(line.name) + " " + Format(line.amount) + "; ";
  return text;
}

TEST_CASE("no fees are no lines") { CHECK(Lines("none", Of(Side::kBuy, 100, 10)).empty()); }

TEST_CASE("a fee a share has a minimum and a maximum, which counts more") {
  const std::string model = "per_share:0.005:1:1";
  CHECK(Total(model, Of(Side::kBuy, 100, 1'000)) == "5");
  CHECK(Total(model, Of(Side::kSell, 100, 10)) == "1");
  CHECK(Total(model, Of(Side::kBuy, 1, 20)) == "0.2");
  CHECK(Total("per_share:0.0035", Of(Side::kBuy, 100, 1)) == "0.0035");
}

TEST_CASE("a percentage is of the value, rounded up") {
  CHECK(Total("percent:0.1", Of(Side::kBuy, 100, 10)) == "1");
  const Fill small{.price = Price::FromMicros(1), .quantity = Quantity::FromUnits(1), .time = Day("2025-01-02")};
  CHECK(Total("percent:0.1", small) == "0.000001");
}

TEST_CASE("Indian shares are charged what a contract note of the day says") {
  CHECK(Lines("india_delivery", Of(Side::kBuy, 1'000, 100)) ==
        "stt 100; exchange 2.97; sebi 0.1; gst 0.5526; stamp_duty 15; ");
  CHECK(Lines("india_delivery", Of(Side::kSell, 1'000, 100)) == "stt 100; exchange 2.97; sebi 0.1; gst 0.5526; ");
  CHECK(Lines("india_intraday", Of(Side::kBuy, 1'000, 100)) ==
        "brokerage 20; exchange 2.97; sebi 0.1; gst 4.1526; stamp_duty 3; ");
  CHECK(Lines("india_intraday", Of(Side::kSell, 1'000, 100)) ==
        "brokerage 20; stt 25; exchange 2.97; sebi 0.1; gst 4.1526; ");
  CHECK(Total("india_intraday", Of(Side::kSell, 10, 10)) == "0.064023");  // 0.03 % is below the cap
  CHECK(Lines("india_delivery:0.5:25", Of(Side::kSell, 1'000, 100)) ==
        "brokerage 25; stt 100; exchange 2.97; sebi 0.1; gst 5.0526; ");
}

TEST_CASE("rates are those of the day in India") {
  CHECK(IndiaRatesOn(Day("1999-01-01")).stt_delivery == 75'000);
  CHECK(IndiaRatesOn(Day("2012-06-30")).stt_delivery == 125'000);
  CHECK(IndiaRatesOn(Day("2012-07-01")).stt_delivery == 100'000);
  CHECK(IndiaRatesOn(Day("2021-06-01")).exchange == 3'450);
  CHECK(IndiaRatesOn(Day("2024-09-30")).exchange == 3'250);
  CHECK(IndiaRatesOn(Day("2020-12-01")).sebi == 50);
  CHECK(IndiaRatesOn(Day("2016-12-01")).gst == 15'000'000);
  // 18:30 UTC is midnight there.
  CHECK(IndiaRatesOn(*ParseRfc3339("2017-06-30T18:29:59Z")).gst == 15'000'000);
  CHECK(IndiaRatesOn(*ParseRfc3339("2017-06-30T18:30:00Z")).gst == 18'000'000);
}

TEST_CASE("before July 2020 sellers paid stamp duty too, before July 2022 the regulator's fee bore no tax") {
  CHECK(Lines("india_delivery", Of(Side::kSell, 1'000, 100, "2020-06-30")) ==
        "stt 100; exchange 3.25; sebi 0.05; gst 0.585; stamp_duty 10; ");
  CHECK(Lines("india_delivery", Of(Side::kSell, 1'000, 100, "2020-07-01")) ==
        "stt 100; exchange 3.25; sebi 0.05; gst 0.585; ");
  CHECK(Lines("india_delivery", Of(Side::kSell, 1'000, 100, "2022-07-18")) ==
        "stt 100; exchange 3.45; sebi 0.1; gst 0.639; ");
}

TEST_CASE("what is no fee model is refused by name, and what there is is told") {
  const auto text = GENERATE(as<std::string>(), "", "None", "none:1", "percent", "percent:-1", "percent:101",
                             "percent:0.0000001", "per_share", "per_share:1:1:101", "per_share:1:1:1:1", "per_share:x",
                             "india_delivery:1", "india_intraday:101:20", "percent:", ":");
  CAPTURE(text);
  const absl::Status refused = ParseFees(text).status();
  CHECK(ReasonOf(refused) == Reason::kINVALID_ARGUMENT);
  CHECK(MessageOf(refused).find(text) != std::string::npos);
}

TEST_CASE("a fee out of the exact range is an error") {
  const Fill huge{.price = Price::FromMicros(std::numeric_limits<std::int64_t>::max()),
                  .quantity = Quantity::FromUnits(2),
                  .time = Day("2025-01-02")};
  for (const char* model : {"percent:1", "india_delivery", "per_share:1:1:1"}) {
    CHECK(ReasonOf(FeesOf(*ParseFees(model), huge).status()) == Reason::kAMOUNT_OUT_OF_RANGE);
  }
}

}  // namespace
}  // namespace papertape::execution

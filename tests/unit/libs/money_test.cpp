#include "libs/money/money.h"

#include <limits>

#include "libs/ids/ids.h"
#include "tests/support/matchers.h"

namespace papertape {
namespace {

TEST_CASE("decimals are read exactly and printed in their shortest form") {
  const auto text = GENERATE(as<std::string>(), "0", "1", "-1", "150.25", "0.000001", "-0.1", "9223372036854.775807",
                             "-9223372036854.775808", "100000", "25000.05");
  CHECK(FormatDecimal(*ParseDecimal(text)) == text);
}

TEST_CASE("exponents and trailing zeros are the same number") {
  CHECK(*ParseDecimal("1.5e2") == 150'000'000);
  CHECK(*ParseDecimal("150E-2") == 1'500'000);
  CHECK(*ParseDecimal("1.50000000000") == 1'500'000);
  CHECK(*ParseDecimal("0.0e999") == 0);
  CHECK(*ParseDecimal("1000000e-6") == 1'000'000);
}

TEST_CASE("what is not an exact amount in range is refused") {
  const auto [text, message] = GENERATE(table<std::string, std::string>({
      {"", "number"},
      {"-", "number"},
      {".5", "number"},
      {"1.", "number"},
      {"NaN", "number"},
      {"Infinity", "number"},
      {"1e", "number"},
      {"0x10", "number"},
      {"1 ", "number"},
      {"+1", "number"},
      {"1e400", "large"},
      {"1e99999999999999999999", "exponent"},
      {"0.0000001", "six"},
      {"1e-7", "six"},
      {"9223372036854.775808", "large"},
      {"99999999999999999999999999999999999999999999999999", "large"},
  }));
  const auto parsed = ParseDecimal(text);
  REQUIRE_FALSE(parsed.ok());
  CHECK_THAT(std::string(MessageOf(parsed.status())), Catch::Contains(message));
}

TEST_CASE("printing and reading any amount gives it back") {
  RandomBits random = SeededRandom(7);
  for (int i = 0; i < 10'000; ++i) {
    const auto micros = static_cast<std::int64_t>(random() >> (random() % 64));
    CHECK(*ParseDecimal(FormatDecimal(micros)) == micros);
    CHECK(*ParseDecimal(FormatDecimal(-micros)) == -micros);
  }
}

TEST_CASE("products round as asked") {
  CHECK(*MulDiv(5, 1, 2, Rounding::kHalfEven) == 2);
  CHECK(*MulDiv(7, 1, 2, Rounding::kHalfEven) == 4);
  CHECK(*MulDiv(-5, 1, 2, Rounding::kHalfEven) == -2);
  CHECK(*MulDiv(5, 1, 2, Rounding::kUp) == 3);
  CHECK(*MulDiv(-5, 1, 2, Rounding::kUp) == -3);
  CHECK(*MulDiv(5, 1, 2, Rounding::kDown) == 2);
  CHECK(*Notional(Price::FromMicros(189'500'000), Quantity::FromUnits(10)) == Money::FromUnits(1895));
}

TEST_CASE("nothing wraps around") {
  const Money most = Money::FromMicros(std::numeric_limits<std::int64_t>::max());
  CHECK_THAT(Add(most, Money::FromMicros(1)).status(), testing::HasReason(Reason::kAMOUNT_OUT_OF_RANGE));
  CHECK_THAT(Notional(Price::FromUnits(1'000'000'000), Quantity::FromUnits(1'000'000'000)).status(),
             testing::HasReason(Reason::kAMOUNT_OUT_OF_RANGE));
}

}  // namespace
}  // namespace papertape

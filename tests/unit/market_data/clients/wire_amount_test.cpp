#include "services/market_data/clients/wire_amount.h"

#include "tests/support/catch.h"

namespace papertape::market {
namespace {

TEST_CASE("amounts are read to the nearest millionth, ties to the even one") {
  CHECK(NearestMicros("187.1") == 187'100'000);
  CHECK(NearestMicros("5.5099718e+07") == 55'099'718'000'000);
  CHECK(NearestMicros("-3") == -3'000'000);
  CHECK(NearestMicros("0.0000005") == 0);
  CHECK(NearestMicros("0.0000015") == 2);
  CHECK(NearestMicros("0.00000050000000000000000000000001") == 1);
  CHECK(NearestMicros("175.0399932861328") == 175'039'993);
  CHECK(NearestMicros("1e-300") == 0);
}

TEST_CASE("what is no amount, or does not fit, is none") {
  for (const char* text : {"", "-", ".", "abc", "1.2.3", "1e", "1e99999999999", "1e30", "9223372036855", "1 "}) {
    CAPTURE(text);
    CHECK_FALSE(NearestMicros(text));
  }
}

}  // namespace
}  // namespace papertape::market

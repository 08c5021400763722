#include "services/market_data/clients/totp.h"

#include <chrono>

#include "tests/support/catch.h"

namespace papertape::market {
namespace {

TEST_CASE("one-time passwords are those of RFC 6238") {
  const std::optional<std::string> secret = DecodeBase32("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
  REQUIRE(secret == "12345678901234567890");
  for (const auto& [seconds, code] :
       {std::pair(59L, "287082"), std::pair(1111111109L, "081804"), std::pair(1111111111L, "050471"),
        std::pair(1234567890L, "005924"), std::pair(2000000000L, "279037"), std::pair(20000000000L, "353130")}) {
    const Timestamp time{std::chrono::seconds(seconds)};
    CHECK(TotpOf(*secret, TotpStepOf(time)) == code);
  }
}

TEST_CASE("secrets are read as people type them") {
  CHECK(DecodeBase32("gezd gnbv gy3t qojq") == "1234567890");
  CHECK(DecodeBase32("MZXW6YQ=") == "foob");
  for (const char* const wrong : {"", "=", "GEZD1", "GEZD!", "   "}) CHECK_FALSE(DecodeBase32(wrong));
}

}  // namespace
}  // namespace papertape::market

#include "libs/execution/margin.h"

#include <string>

#include "tests/support/matchers.h"

namespace papertape::execution {
namespace {

constexpr Price kPrice = Price::FromUnits(50);
constexpr Quantity kTen = Quantity::FromUnits(10);

TEST_CASE("a margin model says what is held when opening and what is needed afterwards") {
  const MarginModel flat = *ParseMargin("flat:20");
  CHECK(Format(*InitialMargin(flat, kPrice, kTen)) == "100");
  CHECK(Format(*MaintenanceMargin(flat, kPrice, kTen)) == "0");
  CHECK(flat.shorts);
  const MarginModel reg_t = *ParseMargin("reg_t");
  CHECK(Format(*InitialMargin(reg_t, kPrice, kTen)) == "250");
  CHECK(Format(*MaintenanceMargin(reg_t, kPrice, kTen)) == "150");
  const MarginModel cash = *ParseMargin("cash");
  CHECK(Format(*InitialMargin(cash, kPrice, kTen)) == "500");
  CHECK_FALSE(cash.shorts);
}

TEST_CASE("what is held is rounded up") {
  CHECK(Format(*InitialMargin(*ParseMargin("flat:20"), Price::FromMicros(1), Quantity::FromUnits(1))) == "0.000001");
}

TEST_CASE("what is no margin model is refused by name") {
  const auto text = GENERATE(as<std::string>(), "", "flat", "flat:0", "flat:100.1", "reg_t:1", "cash:2", "portfolio");
  CAPTURE(text);
  const absl::Status refused = ParseMargin(text).status();
  CHECK(ReasonOf(refused) == Reason::kINVALID_ARGUMENT);
  CHECK(MessageOf(refused).find(text) != std::string::npos);
}

}  // namespace
}  // namespace papertape::execution

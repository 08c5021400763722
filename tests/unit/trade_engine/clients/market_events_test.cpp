#include "services/trade_engine/clients/market_events.h"

#include "libs/rpc/proto_types.h"
#include "papertape/market_data/v1/market_event.pb.h"
#include "tests/support/matchers.h"

namespace papertape::trade_engine {
namespace {

using papertape::testing::HasReason;
using papertape::testing::IsOk;
namespace market = market_data::v1;

events::Event With(const market::MarketEvent& message) {
  return {.id = "01E", .type = "papertape.market_data.v1.MarketEvent", .payload = message.SerializeAsString()};
}

market::MarketEvent ASplit() {
  market::MarketEvent event;
  market::CorporateAction& action = *event.mutable_corporate_action();
  action.set_session(2);
  action.set_symbol("AAPL");
  action.set_exchange("XNAS");
  rpc::Encode(*ParseDate("2026-06-10"), action.mutable_ex_date());
  action.mutable_split()->mutable_numerator()->set_micros(4'000'000);
  action.mutable_split()->mutable_denominator()->set_micros(1'000'000);
  action.set_revision(3);
  action.set_foretold(true);
  action.set_source("polygon");
  return event;
}

TEST_CASE("a corporate action is read with all that it says") {
  const auto action = ReadMarketEvent(With(ASplit()));
  REQUIRE_THAT(action.status(), IsOk());
  REQUIRE(action->has_value());
  CHECK(**action == CorporateAction{.session = 2,
                                    .symbol = "AAPL",
                                    .exchange = "XNAS",
                                    .ex_date = *ParseDate("2026-06-10"),
                                    .terms = Split{Quantity::FromUnits(4), Quantity::FromUnits(1)},
                                    .revision = 3,
                                    .source = "polygon"});
}

TEST_CASE("what a later version tells is passed over") {
  events::Event other = With(ASplit());
  other.type = "papertape.market_data.v2.MarketEvent";
  CHECK_FALSE(ReadMarketEvent(other)->has_value());
  CHECK_FALSE(ReadMarketEvent(With({}))->has_value());
  market::MarketEvent spin_off = ASplit();
  spin_off.mutable_corporate_action()->clear_split();
  CHECK_FALSE(ReadMarketEvent(With(spin_off))->has_value());
}

TEST_CASE("what makes no sense is an error, and reaches no position") {
  events::Event broken = With(ASplit());
  broken.payload = "\xff\xff\xff";
  CHECK_THAT(ReadMarketEvent(broken).status(), HasReason(Reason::kINVALID_ARGUMENT));
  market::MarketEvent by_nothing = ASplit();
  by_nothing.mutable_corporate_action()->mutable_split()->mutable_denominator()->set_micros(0);
  CHECK_THAT(ReadMarketEvent(With(by_nothing)).status(), HasReason(Reason::kINVALID_ARGUMENT));
  market::MarketEvent negative = ASplit();
  negative.mutable_corporate_action()->mutable_dividend()->set_micros(-1);
  CHECK_THAT(ReadMarketEvent(With(negative)).status(), HasReason(Reason::kINVALID_ARGUMENT));
}

}  // namespace
}  // namespace papertape::trade_engine

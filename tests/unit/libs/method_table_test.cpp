#include "libs/rpc/method_table.h"

#include <google/protobuf/descriptor.h>

#include "papertape/auth/v1/auth_service.pb.h"
#include "papertape/market_data/v1/calendar_service.pb.h"
#include "papertape/market_data/v1/market_data_service.pb.h"
#include "papertape/notification/v1/notification_service.pb.h"
#include "papertape/portfolio/v1/portfolio_service.pb.h"
#include "papertape/signal/v1/formula_service.pb.h"
#include "papertape/signal/v1/signal_service.pb.h"
#include "papertape/trade_engine/v1/account_service.pb.h"
#include "papertape/trade_engine/v1/trade_service.pb.h"
#include "tests/support/catch.h"

namespace papertape::rpc {
namespace {

TEST_CASE("every method of every service declares who may call it") {
  const auto* file =
      GENERATE(auth::v1::User::descriptor()->file(), market_data::v1::Quote::descriptor()->file(),
               market_data::v1::MarketStatus::descriptor()->file(), trade_engine::v1::Portfolio::descriptor()->file(),
               trade_engine::v1::Trade::descriptor()->file(), portfolio::v1::Stats::descriptor()->file(),
               signal::v1::Signal::descriptor()->file(), signal::v1::Formula::descriptor()->file(),
               notification::v1::Notification::descriptor()->file());
  REQUIRE(file->service_count() == 1);
  CHECK(UndeclaredMethods(file->service(0)->full_name()).empty());
}

TEST_CASE("an unknown method has no declaration") {
  CHECK(DeclarationOf("papertape.auth.v1.AuthService.Nope") == nullptr);
}

TEST_CASE("a declaration is read from the proto") {
  const api::v1::MethodApi* declared = DeclarationOf("papertape.auth.v1.AuthService.Register");
  REQUIRE(declared != nullptr);
  CHECK(declared->access() == api::v1::ACCESS_PUBLIC);
  CHECK(declared->success_status() == 201);
}

}  // namespace
}  // namespace papertape::rpc

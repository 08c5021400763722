#include "libs/rpc/method_table.h"

#include <google/api/annotations.pb.h>
#include <google/protobuf/descriptor.h>

#include "papertape/auth/v1/admin_service.pb.h"
#include "papertape/auth/v1/api_key_service.pb.h"
#include "papertape/auth/v1/auth_service.pb.h"
#include "papertape/market_data/v1/calendar_service.pb.h"
#include "papertape/market_data/v1/indicator_service.pb.h"
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

using google::protobuf::FileDescriptor;
using google::protobuf::MethodDescriptor;

// Every method of the suite, by the files that hold its services.
std::vector<const MethodDescriptor*> AllMethods() {
  const std::vector<const FileDescriptor*> files = {
      auth::v1::User::descriptor()->file(),
      auth::v1::ApiKey::descriptor()->file(),
      auth::v1::AuditRecord::descriptor()->file(),
      market_data::v1::Quote::descriptor()->file(),
      market_data::v1::MarketStatus::descriptor()->file(),
      market_data::v1::Indicator::descriptor()->file(),
      trade_engine::v1::Portfolio::descriptor()->file(),
      trade_engine::v1::Trade::descriptor()->file(),
      portfolio::v1::Stats::descriptor()->file(),
      signal::v1::Signal::descriptor()->file(),
      signal::v1::Formula::descriptor()->file(),
      notification::v1::Notification::descriptor()->file(),
  };
  std::vector<const MethodDescriptor*> methods;
  for (const FileDescriptor* file : files) {
    REQUIRE(file->service_count() == 1);
    for (int i = 0; i < file->service(0)->method_count(); ++i) methods.push_back(file->service(0)->method(i));
  }
  return methods;
}

bool IsPost(const MethodDescriptor& method) {
  return method.options().GetExtension(google::api::http).pattern_case() == google::api::HttpRule::kPost;
}

TEST_CASE("every method of every service declares who may call it") {
  std::vector<std::string> undeclared;
  for (const MethodDescriptor* method : AllMethods()) {
    if (DeclarationOf(method->full_name()) == nullptr) undeclared.push_back(method->full_name());
  }
  CHECK_THAT(undeclared, Catch::Equals(std::vector<std::string>{}));
}

TEST_CASE("every POST honours Idempotency-Key or says why not") {
  std::vector<std::string> undecided;
  for (const MethodDescriptor* method : AllMethods()) {
    const api::v1::MethodApi* declared = DeclarationOf(method->full_name());
    const bool explained = !declared->unrepeatable_because().empty();
    if (IsPost(*method) && declared->repeatable() == explained) undecided.push_back(method->full_name());
  }
  CHECK_THAT(undecided, Catch::Equals(std::vector<std::string>{}));
}

TEST_CASE("an API key never reaches what is an administrator's, a credential or not routed") {
  for (const MethodDescriptor* method : AllMethods()) {
    INFO(method->full_name());
    const api::v1::MethodApi* declared = DeclarationOf(method->full_name());
    REQUIRE(declared->scope() != api::v1::SCOPE_UNSPECIFIED);
    if (declared->access() == api::v1::ACCESS_ADMIN) CHECK(declared->scope() == api::v1::SCOPE_SESSION);
    if (!IsPost(*method) || declared->access() == api::v1::ACCESS_PUBLIC) continue;
    const std::string& path = method->options().GetExtension(google::api::http).post();
    if (path.starts_with("/auth/")) CHECK(declared->scope() == api::v1::SCOPE_SESSION);
    if (path.starts_with("/trades/")) CHECK(declared->scope() == api::v1::SCOPE_TRADE);
  }
}

TEST_CASE("what is not said of a scope follows from the verb") {
  const auto scope_of = [](const char* method) { return DeclarationOf(method)->scope(); };
  CHECK(scope_of("papertape.trade_engine.v1.TradeService.ListTrades") == api::v1::SCOPE_READ);
  CHECK(scope_of("papertape.notification.v1.NotificationService.MarkRead") == api::v1::SCOPE_WRITE);
  CHECK(scope_of("papertape.trade_engine.v1.TradeService.CreateTrade") == api::v1::SCOPE_TRADE);
  CHECK(scope_of("papertape.auth.v1.AdminService.ListAudit") == api::v1::SCOPE_SESSION);
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

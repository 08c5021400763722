#include "libs/rpc/gate.h"

#include "libs/rpc/metadata.h"
#include "papertape/test/v1/workshop_service.grpc.pb.h"
#include "tests/support/matchers.h"
#include "tests/support/rpc_server.h"

namespace papertape::rpc {
namespace {

using test::v1::GetToolRequest;
using test::v1::Tool;
using testing::HasReason;
using testing::IsOk;
using testing::RpcServer;

// Answers where the call comes from, as the name of a tool.
class Workshop final : public test::v1::WorkshopService::CallbackService {
 public:
  explicit Workshop(Gate& gate) : gate_(gate) {}

 private:
  grpc::ServerUnaryReactor* GetTool(grpc::CallbackServerContext* context, const GetToolRequest* request,
                                    Tool* reply) override {
    return gate_.Inline(context, "papertape.test.v1.WorkshopService.GetTool", request, reply, Answer);
  }
  grpc::ServerUnaryReactor* ListTools(grpc::CallbackServerContext* context, const GetToolRequest* request,
                                      test::v1::ToolList* reply) override {
    return gate_.Inline(context, "papertape.test.v1.WorkshopService.ListTools", request, reply,
                        [](const Call&, const GetToolRequest&, test::v1::ToolList&) { return absl::OkStatus(); });
  }
  grpc::ServerUnaryReactor* ReplaceTool(grpc::CallbackServerContext* context,
                                        const test::v1::ReplaceToolRequest* request, Tool* reply) override {
    return gate_.Inline(context, "papertape.test.v1.WorkshopService.ReplaceTool", request, reply,
                        [](const Call&, const test::v1::ReplaceToolRequest&, Tool&) { return absl::OkStatus(); });
  }
  grpc::ServerUnaryReactor* Hidden(grpc::CallbackServerContext* context, const GetToolRequest* request,
                                   Tool* reply) override {
    return gate_.Inline(context, "papertape.test.v1.WorkshopService.Hidden", request, reply, Answer);
  }
  static absl::Status Answer(const Call& call, const GetToolRequest&, Tool& reply) {
    reply.set_name(call.client_address);
    return absl::OkStatus();
  }

  Gate& gate_;
};

struct Fixture {
  Fixture() : workshop(server.gate()) {
    server.Start({&workshop});
    stub = test::v1::WorkshopService::NewStub(server.channel());
  }
  using Metadata = std::vector<std::pair<std::string, std::string>>;

  std::string AddressSeen(const Metadata& metadata) const {
    grpc::ClientContext context;
    testing::Prepare(context);
    for (const auto& [name, value] : metadata) context.AddMetadata(name, value);
    Tool reply;
    CHECK(stub->GetTool(&context, {}, &reply).ok());
    return reply.name();
  }
  absl::Status CallHidden(const Metadata& metadata) const {
    grpc::ClientContext context;
    testing::Prepare(context, server.TokenFor(7));
    for (const auto& [name, value] : metadata) context.AddMetadata(name, value);
    Tool reply;
    return FromGrpc(stub->Hidden(&context, {}, &reply));
  }

  RpcServer server;
  Workshop workshop;
  std::unique_ptr<test::v1::WorkshopService::Stub> stub;
};

const std::string kService = auth::ServiceCredential(RpcServer::kSecretKey);
const std::string kEdge = auth::EdgeCredential(RpcServer::kSecretKey);

TEST_CASE("a client's address is believed from the gateway and from other services only") {
  const Fixture suite;
  CHECK(suite.AddressSeen({{kClientAddress, "203.0.113.9"}, {kEdgeCredential, kEdge}}) == "203.0.113.9");
  CHECK(suite.AddressSeen({{kClientAddress, "203.0.113.9"}, {kServiceCredential, kService}}) == "203.0.113.9");
  CHECK(suite.AddressSeen({{kClientAddress, "203.0.113.9"}}) == "127.0.0.1");
  CHECK(suite.AddressSeen({{kClientAddress, "203.0.113.9"}, {kEdgeCredential, "a guess"}}) == "127.0.0.1");
  CHECK(suite.AddressSeen({}) == "127.0.0.1");
  CHECK(suite.AddressSeen({{kAuthorization, "Bearer of nothing"}}) == "127.0.0.1");  // a bad token hides nobody
}

TEST_CASE("what vouches for an address opens no method between services") {
  const Fixture suite;
  CHECK_THAT(suite.CallHidden({{kEdgeCredential, kEdge}}), HasReason(Reason::kPERMISSION_DENIED));
  CHECK_THAT(suite.CallHidden({{kServiceCredential, kEdge}}), HasReason(Reason::kPERMISSION_DENIED));
  CHECK_THAT(suite.CallHidden({}), HasReason(Reason::kPERMISSION_DENIED));
  CHECK_THAT(suite.CallHidden({{kServiceCredential, kService}}), IsOk());
}

// A token made from an API key with these scopes.
std::string KeyToken(const std::string& scopes) {
  auth::Claims claims{.user_id = 7, .email = "ann@example.com", .token_id = "t", .session_id = "key-pk_1"};
  claims.scopes = auth::Scopes::FromText(scopes);
  return *auth::TokenSigner({.secret = RpcServer::kSecretKey}, SystemClock()).Sign(claims, std::chrono::minutes(5));
}

TEST_CASE("an API key's token does what its scopes say, and a refusal names the one that is missing") {
  const Fixture suite;
  const auto list = [&](const std::string& scopes) {
    return testing::CallWith(KeyToken(scopes), [&](grpc::ClientContext& context) {
      test::v1::ToolList reply;
      return suite.stub->ListTools(&context, {}, &reply);
    });
  };
  const auto replace = [&](const std::string& scopes) {
    return testing::CallWith(KeyToken(scopes), [&](grpc::ClientContext& context) {
      Tool reply;
      return suite.stub->ReplaceTool(&context, {}, &reply);
    });
  };
  CHECK_THAT(list("read"), IsOk());
  CHECK_THAT(list("read trade"), IsOk());
  CHECK_THAT(list("write"), HasReason(Reason::kSCOPE_MISSING));
  CHECK(DetailsOf(list("write")).metadata.at("scope") == "read");
  CHECK_THAT(list(""), HasReason(Reason::kSCOPE_MISSING));
  CHECK_THAT(list("everything"), HasReason(Reason::kSCOPE_MISSING));
  CHECK_THAT(replace("write"), IsOk());
  CHECK_THAT(replace("read trade"), HasReason(Reason::kSCOPE_MISSING));
  CHECK(DetailsOf(replace("read")).metadata.at("scope") == "write");
}

TEST_CASE("a session's token needs no scope") {
  const Fixture suite;
  CHECK_THAT(testing::CallWith(suite.server.TokenFor(7),
                               [&](grpc::ClientContext& context) {
                                 Tool reply;
                                 return suite.stub->ReplaceTool(&context, {}, &reply);
                               }),
             IsOk());
}

}  // namespace
}  // namespace papertape::rpc

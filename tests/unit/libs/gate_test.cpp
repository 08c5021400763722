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

}  // namespace
}  // namespace papertape::rpc

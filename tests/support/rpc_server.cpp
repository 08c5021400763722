#include "tests/support/rpc_server.h"

#include "fmt/format.h"
#include "tests/support/catch.h"

namespace papertape::testing {
namespace {

constexpr std::chrono::seconds kDeadline{30};  // generous: sanitized machines are slow

}  // namespace

RpcServer::RpcServer()
    : keys_{.algorithm = "HS256", .secret = kSecretKey},
      verifier_(keys_, SystemClock(), &revocations_),
      gate_({.secret_key = kSecretKey}, verifier_, SystemClock(), metrics_) {}

RpcServer::~RpcServer() { Stop(); }

void RpcServer::Start(const std::vector<grpc::Service*>& services) {
  int port = 0;
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
  for (grpc::Service* service : services) builder.RegisterService(service);
  server_ = builder.BuildAndStart();
  REQUIRE(server_ != nullptr);
  address_ = fmt::format("127.0.0.1:{}", port);
  channel_ = grpc::CreateChannel(address_, grpc::InsecureChannelCredentials());
}

void RpcServer::Stop() {
  if (server_ == nullptr) return;
  server_->Shutdown(std::chrono::system_clock::time_point::min());
  server_.reset();
}

std::shared_ptr<grpc::Channel> RpcServer::NewConnection() const {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  return grpc::CreateCustomChannel(address_, grpc::InsecureChannelCredentials(), arguments);
}

std::string RpcServer::TokenFor(std::int64_t user_id, std::chrono::seconds life) const {
  const auto token = auth::TokenSigner(keys_, SystemClock())
                         .Sign({.user_id = user_id,
                                .email = fmt::format("user{}@example.com", user_id),
                                .token_id = fmt::format("token of {}", user_id),
                                .session_id = fmt::format("session of {}", user_id)},
                               life);
  REQUIRE(token.ok());
  return *token;
}

void Prepare(grpc::ClientContext& context, const std::string& bearer) {
  context.set_deadline(ToSystemTime(SystemClock().Now() + kDeadline));
  if (!bearer.empty()) context.AddMetadata("authorization", "Bearer " + bearer);
}

}  // namespace papertape::testing

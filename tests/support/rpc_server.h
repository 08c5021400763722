// Services in the test's process behind a real gate, on a port of their own, and tokens to call them with.
#pragma once

#include <grpcpp/grpcpp.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "libs/auth/token.h"
#include "libs/rpc/gate.h"
#include "libs/rpc/metrics.h"
#include "libs/rpc/status_wire.h"

namespace papertape::testing {

class RpcServer {
 public:
  static constexpr char kSecretKey[] = "a secret for tests, 32 bytes long";

  RpcServer();
  ~RpcServer();  // cancels what still runs
  RpcServer(const RpcServer&) = delete;
  RpcServer& operator=(const RpcServer&) = delete;

  rpc::Gate& gate() { return gate_; }
  // The ended sessions that the gate refuses.
  auth::Revocations& revocations() { return revocations_; }
  // Once. The services outlive this.
  void Start(const std::vector<grpc::Service*>& services);
  // Frees the port; clients see UNAVAILABLE from then on.
  void Stop();
  [[nodiscard]] const std::string& address() const { return address_; }
  [[nodiscard]] const std::shared_ptr<grpc::Channel>& channel() const { return channel_; }
  // A connection of its own: calls over one connection share its flow control.
  [[nodiscard]] std::shared_ptr<grpc::Channel> NewConnection() const;
  [[nodiscard]] std::string TokenFor(std::int64_t user_id, std::chrono::seconds life = std::chrono::minutes(5)) const;

 private:
  auth::TokenKeys keys_;
  rpc::Metrics metrics_;
  auth::Revocations revocations_{SystemClock()};
  auth::TokenVerifier verifier_;
  rpc::Gate gate_;
  std::string address_;
  std::unique_ptr<grpc::Server> server_;
  std::shared_ptr<grpc::Channel> channel_;
};

// Fills the context of one call: a deadline, and the bearer token unless it is empty.
void Prepare(grpc::ClientContext& context, const std::string& bearer = "");

// Makes one call and answers its status. `invoke(context)` answers the stub's grpc::Status.
template <class Invoke>
absl::Status CallWith(const std::string& bearer, Invoke invoke) {
  grpc::ClientContext context;
  Prepare(context, bearer);
  return rpc::FromGrpc(invoke(context));
}

}  // namespace papertape::testing

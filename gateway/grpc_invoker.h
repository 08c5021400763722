// Calls any method of any service by name, without blocking: the one way from the gateway to the services. Thread-safe.
#pragma once

#include <google/protobuf/arena.h>
#include <google/protobuf/message.h>
#include <grpcpp/alarm.h>
#include <grpcpp/grpcpp.h>

#include <array>
#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "libs/clock/clock.h"
#include "libs/ids/ids.h"
#include "libs/rpc/breaker.h"
#include "libs/rpc/metrics.h"

namespace papertape::gateway {

// What travels with a call beside its request. Empty: not sent.
struct CallMetadata {
  std::string bearer;  // the client's token; the service checks it itself
  std::string request_id;
  std::string traceparent;
  std::string idempotency_key;
  std::string client_address;  // vouched for by the edge credential
  bool as_service = false;     // the gateway itself asks, with the suite's credential; never with a client's `bearer`
};

// One call: its messages live on an arena that begins inside the object, so that a common call allocates once.
class UnaryCall {
 public:
  UnaryCall(const google::protobuf::Message& request_type, const google::protobuf::Message& reply_type);
  virtual ~UnaryCall() = default;
  UnaryCall(const UnaryCall&) = delete;
  UnaryCall& operator=(const UnaryCall&) = delete;

  // Once, on a gRPC thread; the call is destroyed after it.
  virtual void OnDone(const absl::Status& status) = 0;

  google::protobuf::Message& request() { return *request_; }
  const google::protobuf::Message& reply() const { return *reply_; }
  // The HTTP status that the service asked for; 0 when it did not.
  [[nodiscard]] int http_status() const { return http_status_; }

  CallMetadata metadata;
  std::chrono::milliseconds timeout{10'000};
  bool idempotent = false;  // may be tried once more when the service cannot be reached
  bool probe = false;       // asks also while the breaker is open, and its failure does not open it
  std::size_t lane = 0;     // calls of one lane share a connection to the service

 private:
  friend class GrpcInvoker;
  static constexpr std::size_t kBlockBytes = 2'048;
  alignas(8) std::array<char, kBlockBytes> block_;
  google::protobuf::Arena arena_;
  google::protobuf::Message* request_;
  google::protobuf::Message* reply_;
  std::optional<grpc::ClientContext> context_;
  std::unique_ptr<grpc::Alarm> alarm_;
  std::size_t upstream_ = 0;
  const std::string* rpc_ = nullptr;
  int attempts_ = 0;
  int http_status_ = 0;
};

class GrpcInvoker {
 public:
  struct Upstream {
    std::string name;
    std::vector<std::shared_ptr<grpc::Channel>> channels;  // one at least
  };
  // `secret_key` (SECRET_KEY) makes the credentials that calls carry.
  GrpcInvoker(std::vector<Upstream> upstreams, std::string_view secret_key, const Clock& clock, RandomBits random,
              rpc::Metrics& metrics);
  // Waits for the calls that run; each has a deadline.
  ~GrpcInvoker();

  // `rpc` is "/package.Service/Method" and outlives the call. UNAVAILABLE at once while the service's breaker is open.
  void Invoke(std::size_t upstream, const std::string& rpc, std::unique_ptr<UnaryCall> call);
  // What the breaker of the service's calls says.
  [[nodiscard]] rpc::Breaker::State BreakerOf(std::size_t upstream) const;
  [[nodiscard]] const std::vector<Upstream>& upstreams() const { return upstreams_; }

 private:
  struct Service;
  void Try(UnaryCall* call);
  void Done(UnaryCall* call, const absl::Status& status);
  void Finish(UnaryCall* call, const grpc::Status& status);
  void TryAgainSoon(UnaryCall* call);
  void Fill(grpc::ClientContext& context, const UnaryCall& call) const;

  const std::string service_credential_;
  const std::string edge_credential_;
  const std::vector<Upstream> upstreams_;
  const RandomBits random_;
  std::vector<std::unique_ptr<Service>> services_;
  std::atomic<std::int64_t> running_{0};
};

}  // namespace papertape::gateway

#include "gateway/grpc_invoker.h"

#include <grpc/support/time.h>
#include <grpcpp/impl/codegen/proto_utils.h>

#include <charconv>
#include <utility>

#include "gateway/upstream_lanes.h"
#include "gateway/upstream_metrics.h"
#include "libs/auth/token.h"
#include "libs/rpc/metadata.h"
#include "libs/rpc/status_wire.h"
#include "libs/status/status.h"

namespace papertape::gateway {
namespace {

constexpr int kAttempts = 2;
// A second try comes this long after the first, and up to as much again: callers that failed together part.
constexpr std::int64_t kRetryAfterMs = 25;

google::protobuf::ArenaOptions StartingIn(char* block, std::size_t size) {
  google::protobuf::ArenaOptions options;
  options.initial_block = block;
  options.initial_block_size = size;
  return options;
}

gpr_timespec FromNow(std::chrono::milliseconds time) { return gpr_time_from_millis(time.count(), GPR_TIMESPAN); }

// What the service asked for with x-http-status, if it is a success.
int AskedHttpStatus(const grpc::ClientContext& context) {
  const auto& metadata = context.GetServerInitialMetadata();
  const auto found = metadata.find(rpc::kHttpStatus);
  if (found == metadata.end()) return 0;
  int status = 0;
  std::from_chars(found->second.begin(), found->second.end(), status);
  return status >= 200 && status < 300 ? status : 0;
}

// gRPC's own refusal of a reply beyond the channel's limit; one of ours has details.
bool IsTooLarge(const grpc::Status& status) {
  return status.error_code() == grpc::StatusCode::RESOURCE_EXHAUSTED && status.error_details().empty() &&
         status.error_message().find("larger than max") != std::string::npos;
}

}  // namespace

UnaryCall::UnaryCall(const google::protobuf::Message& request_type, const google::protobuf::Message& reply_type)
    : arena_(StartingIn(block_.data(), block_.size())),
      request_(request_type.New(&arena_)),
      reply_(reply_type.New(&arena_)) {}

struct GrpcInvoker::Service {
  Service(const Upstream& upstream, const Clock& clock, rpc::Metrics& registry)
      : lanes(upstream.channels),
        metrics(registry, upstream.name),
        breaker(upstream.name, clock, [this](rpc::Breaker::State state) { metrics.BreakerEntered(state); }) {}

  UpstreamLanes lanes;
  UpstreamMetrics metrics;
  rpc::Breaker breaker;
};

GrpcInvoker::GrpcInvoker(std::vector<Upstream> upstreams, std::string_view secret_key, const Clock& clock,
                         RandomBits random, rpc::Metrics& metrics)
    : service_credential_(auth::ServiceCredential(secret_key)),
      edge_credential_(auth::EdgeCredential(secret_key)),
      upstreams_(std::move(upstreams)),
      random_(std::move(random)) {
  for (const Upstream& upstream : upstreams_) services_.push_back(std::make_unique<Service>(upstream, clock, metrics));
}

GrpcInvoker::~GrpcInvoker() {
  for (std::int64_t running = running_; running != 0; running = running_) running_.wait(running);
}

rpc::Breaker::State GrpcInvoker::BreakerOf(std::size_t upstream) const { return services_[upstream]->breaker.state(); }

void GrpcInvoker::Invoke(std::size_t upstream, const std::string& rpc, std::unique_ptr<UnaryCall> call) {
  call->upstream_ = upstream;
  call->rpc_ = &rpc;
  ++running_;
  Try(call.release());
}

void GrpcInvoker::Fill(grpc::ClientContext& context, const UnaryCall& call) const {
  const CallMetadata& metadata = call.metadata;
  context.set_deadline(FromNow(call.timeout));
  if (metadata.as_service) {
    context.AddMetadata(rpc::kServiceCredential, service_credential_);
  } else if (!metadata.bearer.empty()) {
    context.AddMetadata(rpc::kAuthorization, "Bearer " + metadata.bearer);
  }
  if (!metadata.client_address.empty()) {
    context.AddMetadata(rpc::kEdgeCredential, edge_credential_);
    context.AddMetadata(rpc::kClientAddress, metadata.client_address);
  }
  if (!metadata.request_id.empty()) context.AddMetadata(rpc::kRequestId, metadata.request_id);
  if (!metadata.traceparent.empty()) context.AddMetadata(rpc::kTraceparent, metadata.traceparent);
  if (!metadata.idempotency_key.empty()) context.AddMetadata(rpc::kIdempotencyKey, metadata.idempotency_key);
}

// The call owns itself from here to Finish: gRPC's callbacks are copied, a unique_ptr cannot be.
void GrpcInvoker::Try(UnaryCall* call) {
  Service& service = *services_[call->upstream_];
  if (!call->probe) {
    if (const absl::Status closed = service.breaker.Allow(); !closed.ok()) return Done(call, closed);
  }
  ++call->attempts_;
  service.metrics.Called();
  call->context_.emplace();
  Fill(*call->context_, *call);
  service.lanes.Of(call->lane)
      .UnaryCall(&*call->context_, *call->rpc_, grpc::StubOptions(), call->request_, call->reply_,
                 [this, call](const grpc::Status& status) { Finish(call, status); });
}

void GrpcInvoker::Finish(UnaryCall* call, const grpc::Status& grpc_status) {
  const absl::Status status = IsTooLarge(grpc_status) ? Error(Reason::kRESPONSE_TOO_LARGE) : rpc::FromGrpc(grpc_status);
  Service& service = *services_[call->upstream_];
  const bool outage = rpc::IsOutage(grpc_status);
  if (outage) service.lanes.Doubt();
  if (status.ok() || !call->probe) service.breaker.Record(outage);
  if (absl::IsUnavailable(status) && call->idempotent && call->attempts_ < kAttempts) return TryAgainSoon(call);
  if (status.ok()) call->http_status_ = AskedHttpStatus(*call->context_);
  Done(call, status);
}

void GrpcInvoker::Done(UnaryCall* call, const absl::Status& status) {
  std::unique_ptr<UnaryCall> owner(call);
  call->OnDone(status);
  owner.reset();
  if (--running_ == 0) running_.notify_all();
}

void GrpcInvoker::TryAgainSoon(UnaryCall* call) {
  const auto jitter = static_cast<std::int64_t>(random_() % kRetryAfterMs);
  call->alarm_ = std::make_unique<grpc::Alarm>();
  call->alarm_->Set(
      gpr_time_add(gpr_now(GPR_CLOCK_MONOTONIC), FromNow(std::chrono::milliseconds(kRetryAfterMs + jitter))),
      [this, call](bool) { Try(call); });
}

}  // namespace papertape::gateway

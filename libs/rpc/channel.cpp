#include "libs/rpc/channel.h"

#include <algorithm>

#include "libs/config/environment.h"
#include "libs/rpc/metadata.h"

namespace papertape::rpc {
namespace {

std::shared_ptr<grpc::Channel> Dial(const PeerOptions& options) {
  grpc::ChannelArguments arguments;
  // Retrying is ours to decide (Peer::Ask, the gateway's invoker); gRPC's own layer for it costs every call.
  arguments.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);
  // A peer that restarts is found again within a second, whatever the default back-off says. The second number is also
  // how long a connection may take to be made.
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 1'000);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 1'000);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, 30'000);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 5'000);
  // Ask and the gateway's invoker retry what may be retried; gRPC's own retries and statistics cost every call.
  arguments.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);
  arguments.SetInt(GRPC_ARG_ENABLE_CHANNELZ, 0);
  // Channels to one address would share a connection otherwise.
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  arguments.SetMaxReceiveMessageSize(options.reply_bytes);
  return grpc::CreateCustomChannel(options.address, grpc::InsecureChannelCredentials(), arguments);
}

}  // namespace

void TuneProcess() { SetByDefault("GRPC_CLIENT_CHANNEL_BACKUP_POLL_INTERVAL_MS", "250"); }

Peer::Peer(PeerOptions options, const Clock& clock)
    : options_(std::move(options)),
      credential_(auth::ServiceCredential(options_.secret_key)),
      clock_(clock),
      breaker_(options_.name, clock) {
  for (std::size_t i = 0; i < options_.connections; ++i) channels_.push_back(Dial(options_));
}

void Peer::Prepare(grpc::ClientContext& context, const Call* call) const {
  auto left = std::chrono::duration_cast<std::chrono::microseconds>(options_.timeout);
  if (call != nullptr) {
    left = std::min(left, std::chrono::duration_cast<std::chrono::microseconds>(call->deadline - clock_.Steady()));
    if (!call->bearer.empty()) context.AddMetadata(kAuthorization, "Bearer " + call->bearer);
    context.AddMetadata(kRequestId, call->request_id);
    if (!call->client_address.empty()) context.AddMetadata(kClientAddress, call->client_address);
    if (!call->traceparent.empty()) context.AddMetadata(kTraceparent, call->traceparent);
  }
  context.set_deadline(ToSystemTime(clock_.Now() + left));
  context.AddMetadata(kServiceCredential, credential_);
}

}  // namespace papertape::rpc

#include "gateway/upstream_lanes.h"

namespace papertape::gateway {

UpstreamLanes::UpstreamLanes(const std::vector<std::shared_ptr<grpc::Channel>>& channels) {
  for (const auto& channel : channels) connections_.emplace_back(channel);
}

UpstreamLanes::Stub& UpstreamLanes::Of(std::size_t lane) {
  for (std::size_t i = 0; i < connections_.size(); ++i) {
    Connection& connection = connections_[(lane + i) % connections_.size()];
    if (connection.Usable()) return connection.stub;
  }
  return connections_[lane % connections_.size()].stub;
}

void UpstreamLanes::Doubt() {
  for (Connection& connection : connections_) connection.in_doubt = true;
}

bool UpstreamLanes::Connection::Usable() {
  if (!in_doubt.load(std::memory_order_relaxed)) return true;
  const bool ready = channel->GetState(/*try_to_connect=*/true) == GRPC_CHANNEL_READY;
  if (ready) in_doubt = false;
  return ready;
}

}  // namespace papertape::gateway

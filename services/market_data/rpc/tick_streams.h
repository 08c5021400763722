// All open streams of ticks: each gets every batch, in order. A batch is encoded once for all of them and shared. A
// reader that is too far behind is hung up on with OVERLOADED; nothing is left out in silence. Thread-safe; outlives
// its streams, which hang up before the server is gone.
#pragma once

#include <grpcpp/grpcpp.h>

#include <cstddef>
#include <memory>
#include <vector>

#include "papertape/market_data/v1/tape_service.pb.h"
#include "services/market_data/domain/ports.h"
#include "services/market_data/rpc/open_streams.h"
#include "services/market_data/rpc/tick_columns.h"

namespace papertape::market {

using TickReactor = grpc::ServerWriteReactor<pb::TickBatch>;

class TickStreams final : public TickPublisher {
 public:
  // `behind` ticks may wait for a reader.
  explicit TickStreams(std::size_t behind = 1'000'000) : behind_(behind) {}
  TickStreams(const TickStreams&) = delete;
  TickStreams& operator=(const TickStreams&) = delete;

  // A new stream; it deletes itself when gRPC is done with it. `visit` is kept as long.
  TickReactor* Open(std::shared_ptr<void> visit);
  // A stream that answers `status` and nothing else.
  static TickReactor* Refuse(const absl::Status& status) { return RefuseStream<TickReactor>(status); }

  // One thread publishes. Does not block.
  void Publish(const TapeBatch& batch) override;
  // Ends every stream with UNAVAILABLE, and those that are opened from now on at once.
  void HangUp();
  [[nodiscard]] std::size_t size() const { return open_.size(); }

 private:
  class Stream;

  const std::size_t behind_;
  TickColumns columns_;  // the publishing thread's own
  OpenStreams<Stream> open_;
};

}  // namespace papertape::market

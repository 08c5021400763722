// All open streams of bars: each gets every finished bar that it wants once, and the newest state of those that grow. A
// reader that is too far behind is hung up on with OVERLOADED. Thread-safe; outlives its streams, which hang up before
// the server is gone.
#pragma once

#include <grpcpp/grpcpp.h>

#include <array>
#include <cstddef>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "papertape/market_data/v1/tape_service.pb.h"
#include "services/market_data/domain/live_bar.h"
#include "services/market_data/rpc/open_streams.h"

namespace papertape::market {

namespace pb = market_data::v1;

using BarReactor = grpc::ServerWriteReactor<pb::BarBatch>;

// Which bars a reader wants.
struct BarSelection {
  bool every_symbol = false;
  std::set<std::string, std::less<>> symbols;  // in the catalogue's form
  std::array<bool, kBarSpans> spans{};
  [[nodiscard]] bool Wants(const LiveBar& bar) const {
    return spans[static_cast<std::size_t>(bar.span)] && (every_symbol || symbols.contains(bar.symbol));
  }
};
// INVALID_ARGUMENT names every wrong field.
absl::StatusOr<BarSelection> DecodeSelection(const pb::StreamBarsRequest& request);

class BarStreams {
 public:
  static constexpr std::size_t kMostWaiting = 100'000;  // finished bars of one reader

  BarStreams() = default;
  BarStreams(const BarStreams&) = delete;
  BarStreams& operator=(const BarStreams&) = delete;

  // A new stream; it deletes itself when gRPC is done with it. `visit` is kept as long.
  BarReactor* Open(std::shared_ptr<void> visit, BarSelection selection);
  // A stream that answers `status` and nothing else.
  static BarReactor* Refuse(const absl::Status& status) { return RefuseStream<BarReactor>(status); }

  // Does not block.
  void Publish(const std::vector<LiveBar>& bars);
  // Ends every stream with UNAVAILABLE, and those that are opened from now on at once.
  void HangUp();
  [[nodiscard]] std::size_t size() const { return open_.size(); }

 private:
  class Stream;

  OpenStreams<Stream> open_;
};

}  // namespace papertape::market

// All open quote streams. Each has its own selection of symbols and at most one batch on its way: what becomes due
// meanwhile waits, joined, for the next. Thread-safe; outlives its streams, which hang up before the server is gone.
#pragma once

#include <grpcpp/grpcpp.h>

#include <memory>
#include <vector>

#include "papertape/market_data/v1/market_data_service.pb.h"
#include "services/market_data/domain/quote_book.h"
#include "services/market_data/rpc/open_streams.h"

namespace papertape::market {

namespace pb = market_data::v1;

using QuoteReactor = grpc::ServerBidiReactor<pb::StreamQuotesRequest, pb::QuoteBatch>;

class QuoteStreams {
 public:
  explicit QuoteStreams(const QuoteBook& book) : book_(book) {}
  QuoteStreams(const QuoteStreams&) = delete;
  QuoteStreams& operator=(const QuoteStreams&) = delete;

  // A new stream; it deletes itself when gRPC is done with it. `visit` is kept as long.
  QuoteReactor* Open(std::shared_ptr<void> visit);
  // A stream that answers `status` and nothing else.
  static QuoteReactor* Refuse(const absl::Status& status) { return RefuseStream<QuoteReactor>(status); }

  // The slots have newer quotes. Does not block.
  void Changed(const std::vector<Slot>& slots);
  // Ends every stream with UNAVAILABLE, and those that are opened from now on at once.
  void HangUp();
  [[nodiscard]] std::size_t size() const { return open_.size(); }

 private:
  class Stream;

  const QuoteBook& book_;
  OpenStreams<Stream> open_;
};

}  // namespace papertape::market

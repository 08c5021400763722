// Quotes asked of market_data. Thread-safe.
#pragma once

#include <memory>

#include "libs/rpc/channel.h"
#include "papertape/market_data/v1/market_data_service.grpc.pb.h"
#include "services/trade_engine/domain/ports.h"

namespace papertape::trade_engine {

class GrpcQuoteSource : public QuoteSource {
 public:
  explicit GrpcQuoteSource(rpc::Peer& peer)
      : peer_(peer), stub_(market_data::v1::MarketDataService::NewStub(peer.channel())) {}
  absl::StatusOr<Quote> Ask(const std::string& symbol, Instant deadline) override;

 private:
  rpc::Peer& peer_;
  std::unique_ptr<market_data::v1::MarketDataService::Stub> stub_;
};

// A quote from the wire.
Quote ToQuote(const market_data::v1::Quote& wire);

}  // namespace papertape::trade_engine

// papertape.market_data.v1.TapeService: opens streams, which do the rest. Thread-safe.
#pragma once

#include "libs/rpc/gate.h"
#include "papertape/market_data/v1/tape_service.grpc.pb.h"
#include "services/market_data/rpc/bar_streams.h"
#include "services/market_data/rpc/tick_streams.h"

namespace papertape::market {

class TapeService final : public pb::TapeService::CallbackService {
 public:
  TapeService(rpc::Gate& gate, TickStreams& ticks, BarStreams& bars) : gate_(gate), ticks_(ticks), bars_(bars) {}

  TickReactor* StreamTicks(grpc::CallbackServerContext* context, const pb::StreamTicksRequest* request) override;
  BarReactor* StreamBars(grpc::CallbackServerContext* context, const pb::StreamBarsRequest* request) override;

 private:
  rpc::Gate& gate_;
  TickStreams& ticks_;
  BarStreams& bars_;
};

}  // namespace papertape::market

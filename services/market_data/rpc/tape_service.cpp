#include "services/market_data/rpc/tape_service.h"

#include "libs/status/status.h"

namespace papertape::market {

TickReactor* TapeService::StreamTicks(grpc::CallbackServerContext* context, const pb::StreamTicksRequest* request) {
  auto visit = gate_.Enter(context, "papertape.market_data.v1.TapeService.StreamTicks", request);
  return visit.ok() ? ticks_.Open(*std::move(visit)) : TickStreams::Refuse(visit.status());
}

BarReactor* TapeService::StreamBars(grpc::CallbackServerContext* context, const pb::StreamBarsRequest* request) {
  auto visit = gate_.Enter(context, "papertape.market_data.v1.TapeService.StreamBars", request);
  if (!visit.ok()) return BarStreams::Refuse(visit.status());
  auto selection = DecodeSelection(*request);
  return selection.ok() ? bars_.Open(*std::move(visit), *std::move(selection)) : BarStreams::Refuse(selection.status());
}

}  // namespace papertape::market

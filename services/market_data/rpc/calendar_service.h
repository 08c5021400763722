// papertape.market_data.v1.CalendarService: decode, look up, encode. Asks nobody, so it answers while PostgreSQL and
// Redis are away. Thread-safe.
#pragma once

#include "libs/clock/clock.h"
#include "libs/rpc/gate.h"
#include "papertape/market_data/v1/calendar_service.grpc.pb.h"
#include "services/market_data/rpc/calendar_messages.h"

namespace papertape::market {

class CalendarService final : public pb::CalendarService::CallbackService {
 public:
  CalendarService(rpc::Gate& gate, const Clock& clock) : gate_(gate), clock_(clock) {}

  grpc::ServerUnaryReactor* GetMarketStatus(grpc::CallbackServerContext* context,
                                            const pb::GetMarketStatusRequest* request,
                                            pb::MarketStatus* reply) override;
  grpc::ServerUnaryReactor* ListSessions(grpc::CallbackServerContext* context, const pb::ListSessionsRequest* request,
                                         pb::ListSessionsReply* reply) override;

 private:
  rpc::Gate& gate_;
  const Clock& clock_;
};

}  // namespace papertape::market

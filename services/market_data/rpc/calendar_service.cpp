#include "services/market_data/rpc/calendar_service.h"

#include "libs/status/status.h"

namespace papertape::market {

using rpc::Call;

grpc::ServerUnaryReactor* CalendarService::GetMarketStatus(grpc::CallbackServerContext* context,
                                                           const pb::GetMarketStatusRequest* request,
                                                           pb::MarketStatus* reply) {
  return gate_.Inline(context, "papertape.market_data.v1.CalendarService.GetMarketStatus", request, reply,
                      [this](const Call&, const pb::GetMarketStatusRequest& in, pb::MarketStatus& out) -> absl::Status {
                        PT_ASSIGN_OR_RETURN(const StatusQuery query, Decode(in, clock_.Now()));
                        Encode(query, out);
                        return absl::OkStatus();
                      });
}

grpc::ServerUnaryReactor* CalendarService::ListSessions(grpc::CallbackServerContext* context,
                                                        const pb::ListSessionsRequest* request,
                                                        pb::ListSessionsReply* reply) {
  return gate_.Inline(
      context, "papertape.market_data.v1.CalendarService.ListSessions", request, reply,
      [this](const Call&, const pb::ListSessionsRequest& in, pb::ListSessionsReply& out) -> absl::Status {
        PT_ASSIGN_OR_RETURN(const SessionQuery query, Decode(in, clock_.Now()));
        Encode(query, out);
        return absl::OkStatus();
      });
}

}  // namespace papertape::market

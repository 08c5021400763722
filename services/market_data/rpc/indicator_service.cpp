#include "services/market_data/rpc/indicator_service.h"

#include "libs/status/status.h"

namespace papertape::market {

using rpc::Call;

grpc::ServerUnaryReactor* IndicatorService::ListIndicators(grpc::CallbackServerContext* context,
                                                           const pb::ListIndicatorsRequest* request,
                                                           pb::ListIndicatorsReply* reply) {
  return gate_.Inline(context, "papertape.market_data.v1.IndicatorService.ListIndicators", request, reply,
                      [](const Call&, const pb::ListIndicatorsRequest& in, pb::ListIndicatorsReply& out) {
                        EncodeIndicators(in.search(), out);
                        return absl::OkStatus();
                      });
}

grpc::ServerUnaryReactor* IndicatorService::ListFeatures(grpc::CallbackServerContext* context,
                                                         const pb::ListFeaturesRequest* request,
                                                         pb::ListFeaturesReply* reply) {
  return gate_.Blocking(
      context, "papertape.market_data.v1.IndicatorService.ListFeatures", request, reply,
      [this](const Call&, const pb::ListFeaturesRequest& in, pb::ListFeaturesReply& out) -> absl::Status {
        PT_ASSIGN_OR_RETURN(const FeatureQuery query, Decode(in));
        PT_ASSIGN_OR_RETURN(const FeaturePage page, features_.List(query));
        Encode(query, page, out);
        return absl::OkStatus();
      });
}

}  // namespace papertape::market

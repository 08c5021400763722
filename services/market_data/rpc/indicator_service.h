// papertape.market_data.v1.IndicatorService: decode, decide, encode. Thread-safe.
#pragma once

#include "libs/rpc/gate.h"
#include "papertape/market_data/v1/indicator_service.grpc.pb.h"
#include "services/market_data/domain/feature_history.h"
#include "services/market_data/rpc/indicator_messages.h"

namespace papertape::market {

class IndicatorService final : public pb::IndicatorService::CallbackService {
 public:
  IndicatorService(rpc::Gate& gate, const FeatureHistory& features) : gate_(gate), features_(features) {}

  grpc::ServerUnaryReactor* ListIndicators(grpc::CallbackServerContext* context,
                                           const pb::ListIndicatorsRequest* request,
                                           pb::ListIndicatorsReply* reply) override;
  grpc::ServerUnaryReactor* ListFeatures(grpc::CallbackServerContext* context, const pb::ListFeaturesRequest* request,
                                         pb::ListFeaturesReply* reply) override;

 private:
  rpc::Gate& gate_;
  const FeatureHistory& features_;
};

}  // namespace papertape::market

// Protos <-> indicators and features. Decoding reports every wrong field at once.
#pragma once

#include "absl/status/statusor.h"
#include "papertape/market_data/v1/indicator_service.pb.h"
#include "services/market_data/domain/feature_history.h"

namespace papertape::market {

namespace pb = market_data::v1;

absl::StatusOr<FeatureQuery> Decode(const pb::ListFeaturesRequest& request);
void Encode(const FeatureQuery& query, const FeaturePage& page, pb::ListFeaturesReply& out);

// The registry, or what of it `search` names: a part of the name or title, in any case.
void EncodeIndicators(const std::string& search, pb::ListIndicatorsReply& out);

}  // namespace papertape::market
